import { cx } from "../lib/classes";

export type SwitchProps = { label: string; isOn: boolean; isDisabled?: boolean; onChange: (isOn: boolean) => void };

export function Switch({ label, isOn, isDisabled = false, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      disabled={isDisabled}
      onClick={() => onChange(!isOn)}
      className={cx(
        "relative h-6 disabled:opacity-50 w-10 shrink-0 rounded-full border transition-colors duration-100",
        isOn ? "border-transparent bg-accent" : "border-line-strong bg-sunken",
      )}
    >
      <span
        aria-hidden
        className={cx(
          "absolute top-1/2 size-4 -translate-y-1/2 rounded-full transition-[left] duration-100",
          isOn ? "left-5 bg-on-accent" : "left-1 bg-muted",
        )}
      />
    </button>
  );
}
