import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { messageOf } from "../../api/error";
import { countOlder } from "../../api/rules";
import type { Mailbox } from "../../api/types";
import { plural, t } from "../../lib/i18n";
import { mailboxName } from "../../lib/place";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Select, type SelectOption } from "../../ui/Select";
import { showToast } from "../../ui/toasts";
import { keepFor } from "../rail/labels";
import { Row } from "../settings/controls";
import { useMailboxes } from "../shell/useMail";
import { mailboxOptions } from "./words";

const DAYS = [7, 14, 30, 60, 90, 180, 365];

function options(current: number | null): SelectOption<string>[] {
  const days = [...new Set([...DAYS, ...(current ? [current] : [])])].sort((a, b) => a - b);
  return [
    { value: "", label: t("For ever") },
    ...days.map((one) => ({ value: String(one), label: plural(one, "{n} day", "{n} days") })),
  ];
}

const daysWords = (days: number | null) => (days === null ? t("For ever") : plural(days, "{n} day", "{n} days"));

/** Trash and Junk always, others once they have an end; any mailbox can be given one. */
export function Retention() {
  const { mailboxes } = useMailboxes();
  const [open, setOpen] = useState<string | null>(null);
  const [chosen, setChosen] = useState("");
  const shown = mailboxes.filter(
    ({ role, retention_days: days }) => role === "trash" || role === "junk" || days !== null,
  );
  const others = mailboxOptions(mailboxes.filter((one) => !shown.includes(one)));
  const mailbox = mailboxes.find(({ id }) => id === open);
  return (
    <>
      {shown.map((one) => (
        <Row key={one.id} title={mailboxName(one)} hint={daysWords(one.retention_days)}>
          <Button
            aria-label={t("Change how long {name} keeps mail", { name: mailboxName(one) })}
            onClick={() => setOpen(one.id)}
          >
            {t("Change")}
          </Button>
        </Row>
      ))}
      <Row title={t("Another mailbox")} hint={t("Keeps its mail for ever until you say otherwise.")}>
        <div className="flex flex-wrap items-center gap-2">
          <Select
            aria-label={t("Another mailbox")}
            value={chosen}
            options={[{ value: "", label: t("Choose a mailbox") }, ...others]}
            onChange={setChosen}
          />
          <Button disabled={!chosen} onClick={() => setOpen(chosen)}>
            {t("Set")}
          </Button>
        </div>
      </Row>
      {mailbox && (
        <RetentionDialog
          mailbox={mailbox}
          onClose={() => {
            setOpen(null);
            setChosen("");
          }}
        />
      )}
    </>
  );
}

/** Says how many e-mails would go before it is saved. */
export function RetentionDialog({ mailbox, onClose }: { mailbox: Mailbox; onClose: () => void }) {
  const client = useQueryClient();
  const selectId = useId();
  const [value, setValue] = useState(mailbox.retention_days === null ? "" : String(mailbox.retention_days));
  const days = value ? Number(value) : null;
  const { data } = useQuery({ ...countOlder(mailbox.id, days ?? 1), enabled: days !== null });
  const isFinal = mailbox.role === "trash" || mailbox.role === "junk";
  const save = () => {
    onClose();
    keepFor(client, mailbox, days).catch((error: unknown) =>
      showToast({ kind: "problem", message: t("Not changed. {why}", { why: messageOf(error) }) }),
    );
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("How long {name} keeps mail", { name: mailboxName(mailbox) })}
      width="narrow"
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" onClick={save}>
            {t("Save")}
          </Button>
        </>
      }
    >
      <label htmlFor={selectId} className="text-sm font-medium">
        {t("Counted from when an e-mail came there")}
      </label>
      <Select
        id={selectId}
        value={value}
        options={options(mailbox.retention_days)}
        onChange={setValue}
        className="mt-1 h-9 w-full"
      />
      <p role="status" className="mt-3 min-h-10 text-sm text-muted">
        {days === null ? t("Nothing is taken out.") : data && goneWords(data.emails, isFinal)}
      </p>
    </Dialog>
  );
}

function goneWords(emails: number, isFinal: boolean): string {
  if (emails === 0) return t("Nothing that lies there now is as old.");
  return isFinal
    ? plural(
        emails,
        "{n} e-mail is older, and is deleted for good within the hour.",
        "{n} e-mails are older, and are deleted for good within the hour.",
      )
    : plural(
        emails,
        "{n} e-mail is older, and goes to Trash within the hour.",
        "{n} e-mails are older, and go to Trash within the hour.",
      );
}
