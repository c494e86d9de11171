import type { FormEvent } from "react";
import { useId, useState } from "react";
import { messageOf } from "../../api/error";
import type { Mailbox } from "../../api/types";
import { t } from "../../lib/i18n";
import type { Branch } from "../../lib/mailbox-tree";
import { flatten, mailboxTree } from "../../lib/mailbox-tree";
import { mailboxName } from "../../lib/place";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { useMailboxes } from "../shell/useMail";

export type LabelChoice = { name: string; parentId: string | null };

export type LabelFormProps = {
  submitLabel: string;
  start?: LabelChoice;
  /** A label cannot lie in itself, nor in what lies in it. */
  excludedId?: string;
  onSubmit: (choice: LabelChoice) => Promise<unknown>;
  onDone: () => void;
};

export function LabelForm({ submitLabel, start, excludedId, onSubmit, onDone }: LabelFormProps) {
  const { mailboxes } = useMailboxes();
  const [name, setName] = useState(start?.name ?? "");
  const [parentId, setParentId] = useState(start?.parentId ?? null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const parentField = useId();
  const parents = parentsOf(mailboxes, excludedId, start?.parentId);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return setProblem(t("A label needs a name."));
    setBusy(true);
    try {
      await onSubmit({ name: name.trim(), parentId });
      onDone();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field
        label={t("Name")}
        value={name}
        error={problem}
        autoFocus
        maxLength={200}
        onChange={(event) => {
          setName(event.target.value);
          setProblem(null);
        }}
      />
      {parents.length > 0 && (
        <div className="flex flex-col gap-1">
          <label htmlFor={parentField} className="text-sm font-medium">
            {t("Inside")}
          </label>
          <select
            id={parentField}
            value={parentId ?? ""}
            onChange={(event) => setParentId(event.target.value || null)}
            className="h-9 rounded-md border border-line-strong bg-raised px-2 text-base"
          >
            <option value="">{t("No other label")}</option>
            {parents.map(({ mailbox, depth }) => (
              <option key={mailbox.id} value={mailbox.id}>
                {"\u2003".repeat(depth) + mailboxName(mailbox)}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={onDone}>{t("Cancel")}</Button>
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

/** Labels; a mailbox with a role only for what lies in it already. */
function parentsOf(mailboxes: readonly Mailbox[], excludedId?: string, currentId?: string | null): Branch[] {
  const without = (branches: readonly Branch[]): Branch[] =>
    branches
      .filter(({ mailbox }) => mailbox.id !== excludedId)
      .map((branch) => ({ ...branch, children: without(branch.children) }));
  return flatten(without(mailboxTree(mailboxes))).filter(
    ({ mailbox }) => mailbox.role === null || mailbox.id === currentId,
  );
}
