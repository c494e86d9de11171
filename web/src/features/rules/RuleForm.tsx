import { CircleAlert, Plus } from "lucide-react";
import type { FormEvent } from "react";
import type { RuleContent } from "../../api/rules";
import { t } from "../../lib/i18n";
import type { Problems } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { ActionRow } from "./ActionRow";
import { ConditionRow } from "./ConditionRow";
import { type ActionDraft, type ConditionDraft, newAction, newCondition, type RuleDraft } from "./draft";

const MOST = 20;

export type RuleFormProps = {
  draft: RuleDraft;
  problems: Problems;
  isBusy: boolean;
  /** What it says, once nothing is missing. */
  content: RuleContent | null;
  onChange: (draft: RuleDraft) => void;
  onSave: (content: RuleContent) => void;
  onCancel: () => void;
};

/** A rule as a sentence: when all of this holds, then do that. */
export function RuleForm({ draft, problems, isBusy, content, onChange, onSave, onCancel }: RuleFormProps) {
  const { conditions, actions } = draft;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (content) onSave(content);
  };
  const condition = (changed: ConditionDraft) =>
    onChange({ ...draft, conditions: conditions.map((one) => (one.key === changed.key ? changed : one)) });
  const action = (changed: ActionDraft) =>
    onChange({ ...draft, actions: actions.map((one) => (one.key === changed.key ? changed : one)) });
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label={t("Rule")}
      className="mb-7 rounded-md border border-line bg-raised p-4"
    >
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="sr-only">{t("When")}</legend>
        <p className="flex flex-wrap items-center gap-2 text-base">
          {t("When")}
          <Select
            aria-label={t("All or any")}
            value={draft.match}
            options={[
              { value: "all", label: t("all of these hold") },
              { value: "any", label: t("any of these holds") },
            ]}
            onChange={(match) => onChange({ ...draft, match })}
          />
        </p>
        {conditions.map((one, index) => (
          <ConditionRow
            key={one.key}
            condition={one}
            number={index + 1}
            onChange={condition}
            onRemove={
              conditions.length > 1
                ? () => onChange({ ...draft, conditions: conditions.filter(({ key }) => key !== one.key) })
                : null
            }
          />
        ))}
        <Button
          kind="ghost"
          size="small"
          className="self-start"
          disabled={conditions.length >= MOST}
          onClick={() => onChange({ ...draft, conditions: [...conditions, newCondition()] })}
        >
          <Plus size={14} aria-hidden />
          {t("Add a condition")}
        </Button>
      </fieldset>
      <fieldset className="mt-4 flex min-w-0 flex-col gap-2 border-t border-line pt-4">
        <legend className="sr-only">{t("Then")}</legend>
        <p className="text-base">{t("then")}</p>
        {actions.map((one, index) => (
          <ActionRow
            key={one.key}
            action={one}
            number={index + 1}
            onChange={action}
            onRemove={
              actions.length > 1
                ? () => onChange({ ...draft, actions: actions.filter(({ key }) => key !== one.key) })
                : null
            }
          />
        ))}
        <Button
          kind="ghost"
          size="small"
          className="self-start"
          disabled={actions.length >= MOST}
          onClick={() => onChange({ ...draft, actions: [...actions, newAction({ do: "star" })] })}
        >
          <Plus size={14} aria-hidden />
          {t("Add an action")}
        </Button>
      </fieldset>
      <div className="mt-4 border-t border-line pt-4">
        <Field
          label={t("Name")}
          hint={t("By which you find it again. Without one it is called by what it looks for.")}
          error={problems.name}
          type="text"
          maxLength={200}
          autoComplete="off"
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
      </div>
      {problems[""] && (
        <Banner tone="danger" icon={CircleAlert} className="mt-3">
          {problems[""]}
        </Banner>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onCancel}>{t("Cancel")}</Button>
        <Button kind="primary" type="submit" isBusy={isBusy} disabled={!content}>
          {t("Save")}
        </Button>
      </div>
    </form>
  );
}
