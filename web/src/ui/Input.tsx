import type { InputHTMLAttributes, Ref } from "react";
import { useId } from "react";
import { cx } from "../lib/classes";

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

export type FieldProps = InputProps & { label: string; hint?: string | undefined; error?: string | null | undefined };

/** Label, input, and below it a hint or what is wrong. */
export function Field({ label, hint, error, ...rest }: FieldProps) {
  const id = useId();
  const below = error ?? hint;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <Input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={below ? `${id}-below` : undefined}
        {...rest}
      />
      {below && (
        <p id={`${id}-below`} className={cx("text-sm", error ? "text-danger" : "text-muted")}>
          {below}
        </p>
      )}
    </div>
  );
}
