import type { TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { cx } from "../lib/classes";

export type TextAreaFieldProps = TextareaHTMLAttributes<HTMLTextAreaElement> & {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
};

/** Label, several lines to write in, and below them a hint or what is wrong: as `Field`. */
export function TextAreaField({ label, hint, error, className, ...rest }: TextAreaFieldProps) {
  const id = useId();
  const below = error ?? hint;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        aria-invalid={error ? true : undefined}
        aria-describedby={below ? `${id}-below` : undefined}
        {...rest}
        className={cx(
          "w-full min-w-0 rounded-md border border-line-strong bg-raised px-3 py-2 text-base text-ink placeholder:text-muted",
          "focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger",
          className,
        )}
      />
      {below && (
        <p id={`${id}-below`} className={cx("text-sm", error ? "text-danger" : "text-muted")}>
          {below}
        </p>
      )}
    </div>
  );
}
