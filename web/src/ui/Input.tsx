import type { InputHTMLAttributes, Ref } from "react";
import { cx } from "../lib/classes";
import { Labelled, type LabelledProps } from "./Labelled";

export type InputProps = InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

/** A bare field. Give it a name: a label around it, `aria-label`, or use `Field`. */
export function Input({ className, ...rest }: InputProps) {
  return (
    <input
      {...rest}
      className={cx(
        "h-9 w-full min-w-0 rounded-md border border-line-strong bg-raised px-3 text-base text-ink placeholder:text-muted",
        "focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0",
        "aria-invalid:border-danger disabled:opacity-60",
        className,
      )}
    />
  );
}

export type FieldProps = InputProps & LabelledProps;

export function Field({ label, hint, error, ...rest }: FieldProps) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(wired) => <Input {...wired} {...rest} />}
    </Labelled>
  );
}
