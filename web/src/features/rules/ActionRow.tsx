import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { forwardsQuery } from "../../api/automatic";
import { templatesQuery } from "../../api/templates";
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
  const forwards = useQuery(forwardsQuery).data?.items ?? [];
  const templates = useQuery(templatesQuery).data?.items ?? [];
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
        {action.do === "forward" && (
          <Select
            aria-label={t("Where it goes")}
            value={action.forward_id ?? ""}
            options={[
              { value: "", label: t("Choose a forward") },
              ...forwards.filter((one) => one.is_confirmed).map((one) => ({ value: one.id, label: one.address })),
            ]}
            onChange={(id) => onChange({ ...action, forward_id: id || null })}
            className="h-9"
          />
        )}
        {action.do === "answer" && (
          <Select
            aria-label={t("Template")}
            value={action.template_id ?? ""}
            options={[
              { value: "", label: t("Choose a template") },
              ...templates.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={(id) => onChange({ ...action, template_id: id || null })}
            className="h-9"
          />
        )}
        <Missing deed={action.do} forwards={forwards.length} templates={templates.length} />
      </div>
      {onRemove && (
        <IconButton icon={X} label={t("Remove action {n}", { n: number })} onClick={onRemove} className="mt-0.5" />
      )}
    </fieldset>
  );
}

/** Where what there is to choose from is made. */
function Missing({ deed, forwards, templates }: { deed: string; forwards: number; templates: number }) {
  const isForward = deed === "forward" && forwards === 0;
  if (!isForward && !(deed === "answer" && templates === 0)) return null;
  return (
    <Link
      to="/settings/$section"
      params={{ section: isForward ? "answers" : "mail" }}
      hash={isForward ? "forwards" : "templates"}
      className="text-sm font-medium text-accent underline-offset-2 hover:underline"
    >
      {isForward ? t("Add a forward first") : t("Add a template first")}
    </Link>
  );
}
