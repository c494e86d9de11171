import { type ReactNode, useId } from "react";
import { cx } from "../lib/classes";

export type LabelledProps = { label: string; hint?: string | undefined; error?: string | null | undefined };

export type Wired = { id: string; "aria-invalid": true | undefined; "aria-describedby": string | undefined };

/** Label, control, and below it a hint or what is wrong. */
export function Labelled(props: LabelledProps & { className?: string; children: (wired: Wired) => ReactNode }) {
  const { label, hint, error, className, children } = props;
  const id = useId();
  const below = error || hint;
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": below ? `${id}-below` : undefined,
      })}
      {below && (
        <p id={`${id}-below`} className={cx("text-sm", error ? "text-danger" : "text-muted")}>
          {below}
        </p>
      )}
    </div>
  );
}
