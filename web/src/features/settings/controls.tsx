/** The few kinds of control a setting has. Each row names itself and says what it does. */
import { type ReactNode, useId } from "react";
import { cx } from "../../lib/classes";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { placeOf } from "./Card";
import type { SettingId } from "./catalogue";

export type RowProps = {
  title: string;
  at?: SettingId | undefined;
  hint?: string | undefined;
  isStacked?: boolean;
  children: ReactNode;
  labelFor?: string;
};

export function Row({ title, at, hint, isStacked = false, children, labelFor }: RowProps) {
  const Title = labelFor ? "label" : "h3";
  return (
    <div
      {...placeOf(at)}
      className={cx(
        "flex gap-x-6 gap-y-2 border-t border-line py-3 outline-none first:border-t-0 focus:bg-found/40",
        isStacked ? "flex-col" : "flex-wrap items-center justify-between",
      )}
    >
      <div className={cx("min-w-0", !isStacked && "flex-1 basis-64")}>
        <Title {...(labelFor ? { htmlFor: labelFor } : {})} className="block text-base font-medium">
          {title}
        </Title>
        {hint && <p className="text-sm text-muted">{hint}</p>}
      </div>
      {children}
    </div>
  );
}

export type ChoiceProps<Value extends string> = {
  title: string;
  at?: SettingId;
  hint?: string;
  value: Value;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
};

/** Some words side by side, of which one holds. */
export function ChoiceRow<Value extends string>({ title, at, hint, value, options, onChange }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <Row title={title} at={at} hint={hint}>
      <div
        role="radiogroup"
        aria-label={title}
        className="inline-flex max-w-full flex-wrap rounded-md border border-line-strong bg-sunken p-0.5"
      >
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              "relative flex h-7 cursor-pointer items-center rounded-[6px] px-3 text-sm select-none",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent",
              option.value === value
                ? "bg-[light-dark(var(--raised),var(--line))] font-medium text-ink shadow-[0_1px_2px_var(--shadow-color)]"
                : "text-muted hover:text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {option.label}
          </label>
        ))}
      </div>
    </Row>
  );
}

export type SwitchProps = {
  title: string;
  at?: SettingId;
  hint?: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
};

export function SwitchRow({ title, at, hint, isOn, isDisabled = false, onChange }: SwitchProps) {
  return (
    <Row title={title} at={at} hint={hint}>
      <Switch label={title} isOn={isOn} isDisabled={isDisabled} onChange={onChange} />
    </Row>
  );
}

export type PickProps = {
  title: string;
  at?: SettingId;
  hint?: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
};

export function PickRow({ title, at, hint, value, options, onChange }: PickProps) {
  const id = useId();
  return (
    <Row title={title} at={at} hint={hint} labelFor={id}>
      <Select id={id} value={value} options={options} onChange={onChange} />
    </Row>
  );
}
