import { cx } from "../lib/classes";
import { Labelled, type LabelledProps } from "./Labelled";
import { Select, type SelectProps } from "./Select";

/** Label, the system's own list, and below it a hint or what is wrong: as `Field`. */
export function SelectField<Value extends string>(props: SelectProps<Value> & LabelledProps) {
  const { label, hint, error, className, ...rest } = props;
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(wired) => <Select {...wired} {...rest} className={cx("h-9", className)} />}
    </Labelled>
  );
}
