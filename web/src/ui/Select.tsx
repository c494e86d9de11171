import type { SelectHTMLAttributes } from "react";
import { cx } from "../lib/classes";

export type SelectOption<Value extends string> = { value: Value; label: string };

export type SelectProps<Value extends string> = Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange" | "value"> & {
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
};

/** The system's own list, which is best on a phone. Give it a name: a label with its id, or `aria-label`. */
export function Select<Value extends string>({ value, options, onChange, className, ...rest }: SelectProps<Value>) {
  return (
    <select
      {...rest}
      value={value}
      onChange={(event) => onChange(event.target.value as Value)}
      className={cx(
        "h-8 max-w-full min-w-0 rounded-md border border-line-strong bg-raised px-2 text-sm text-ink disabled:opacity-60",
        className,
      )}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
