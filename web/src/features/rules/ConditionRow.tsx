import { X } from "lucide-react";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { type ConditionDraft, withField } from "./draft";
import { fieldOptions, verbsOf } from "./words";

export type ConditionRowProps = {
  condition: ConditionDraft;
  number: number;
  onChange: (condition: ConditionDraft) => void;
  onRemove: (() => void) | null;
};

export function ConditionRow({ condition, number, onChange, onRemove }: ConditionRowProps) {
  const verbs = verbsOf(condition.field);
  const chosen = verbs.findIndex((one) => one.op === condition.op && one.is_negated === condition.is_negated);
  const choose = (index: string) => {
    const verb = verbs[Number(index)];
    if (verb) onChange({ ...condition, op: verb.op, is_negated: verb.is_negated });
  };
  return (
    <fieldset aria-label={t("Condition {n}", { n: number })} className="flex min-w-0 items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
        <Select
          aria-label={t("What is looked at")}
          value={condition.field}
          options={fieldOptions()}
          onChange={(field) => onChange(withField(condition, field))}
          className="h-9"
        />
        {condition.field === "header" && (
          <Input
            aria-label={t("Name of the field")}
            placeholder="X-Name"
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            value={condition.header}
            onChange={(event) => onChange({ ...condition, header: event.target.value })}
            className="basis-32 max-sm:basis-full sm:w-36 sm:flex-none"
          />
        )}
        <Select
          aria-label={t("How it is compared")}
          value={String(chosen)}
          options={verbs.map(({ words }, index) => ({ value: String(index), label: t(words) }))}
          onChange={choose}
          className="h-9"
        />
        <Value condition={condition} onChange={onChange} />
      </div>
      {onRemove && (
        <IconButton icon={X} label={t("Remove condition {n}", { n: number })} onClick={onRemove} className="mt-0.5" />
      )}
    </fieldset>
  );
}

function Value({ condition, onChange }: Pick<ConditionRowProps, "condition" | "onChange">) {
  if (condition.op === "exists") return null;
  if (condition.field === "size" || condition.field === "score")
    return (
      <span className="flex items-center gap-2">
        <Input
          aria-label={condition.field === "size" ? t("Kilobytes") : t("Points")}
          inputMode="decimal"
          maxLength={9}
          autoComplete="off"
          value={condition.amount}
          onChange={(event) => onChange({ ...condition, amount: event.target.value })}
          className="w-28"
        />
        <span className="text-sm text-muted">{condition.field === "size" ? "kB" : t("points")}</span>
      </span>
    );
  return (
    <Input
      aria-label={t("Text")}
      placeholder={condition.op === "matches" ? t("* any text, ? one character") : undefined}
      maxLength={200}
      autoComplete="off"
      value={condition.value}
      onChange={(event) => onChange({ ...condition, value: event.target.value })}
      className="flex-1 basis-40"
    />
  );
}
