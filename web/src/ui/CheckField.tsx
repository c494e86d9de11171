export type CheckFieldProps = {
  label: string;
  hint?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
};

/** A tick with what it means, and below that what follows from it. */
export function CheckField({ label, hint, isOn, onChange }: CheckFieldProps) {
  return (
    <label className="flex items-start gap-3">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-[3px] accent-(--accent)"
      />
      <span className="min-w-0">
        <span className="block text-base font-medium">{label}</span>
        {hint && <span className="block text-sm text-muted">{hint}</span>}
      </span>
    </label>
  );
}
