import { X } from "lucide-react";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Select } from "../../ui/Select";
import { useMailboxes } from "../shell/useMail";
import type { ActionDraft } from "./draft";
import { deedOptions, mailboxOptions } from "./words";

export type ActionRowProps = {
  action: ActionDraft;
  number: number;
  onChange: (action: ActionDraft) => void;
  onRemove: (() => void) | null;
};

export function ActionRow({ action, number, onChange, onRemove }: ActionRowProps) {
  const { mailboxes } = useMailboxes();
  const options = mailboxOptions(mailboxes);
  const isThere = options.some(({ value }) => value === action.mailbox_id);
  return (
    <fieldset aria-label={t("Action {n}", { n: number })} className="flex min-w-0 items-start gap-2">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
        <Select
          aria-label={t("What is done")}
          value={action.do}
          options={deedOptions()}
          onChange={(deed) => onChange({ ...action, do: deed })}
          className="h-9"
        />
        {(action.do === "file" || action.do === "label") && (
          <Select
            aria-label={t("Mailbox")}
            value={isThere && action.mailbox_id ? action.mailbox_id : ""}
            options={[{ value: "", label: t("Choose a mailbox") }, ...options]}
            onChange={(mailboxId) => onChange({ ...action, mailbox_id: mailboxId || null })}
            className="h-9"
          />
        )}
      </div>
      {onRemove && (
        <IconButton icon={X} label={t("Remove action {n}", { n: number })} onClick={onRemove} className="mt-0.5" />
      )}
    </fieldset>
  );
}
