import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Message } from "../../api/chat";
import { messageActs } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { fullDate, longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Picker } from "../../ui/Picker";
import { SelectField } from "../../ui/SelectField";
import { TextAreaField } from "../../ui/TextArea";
import { showToast } from "../../ui/toasts";
import { openChatSheet, useChatView } from "./chatView";
import { nameOf } from "./listing";
import { MessageBody } from "./MessageBody";
import { remind } from "./messageActs";
import { moments } from "./moments";
import { AtDialog } from "./SendButton";
import { useListed, useMeId } from "./useConversations";

const close = () => openChatSheet(null);

/** What stands over the page for one message, one at a time. */
export function ChatSheets() {
  const sheet = useChatView((view) => view.sheet);
  if (!sheet) return null;
  const { kind, message } = sheet;
  if (kind === "forward") return <ForwardSheet message={message} />;
  if (kind === "report") return <ReportSheet message={message} />;
  if (kind === "readers") return <ReadersSheet message={message} />;
  if (kind === "revisions") return <RevisionsSheet message={message} />;
  return <RemindSheet message={message} />;
}

function ForwardSheet({ message }: { message: Message }) {
  const { all } = useListed();
  const items = all
    .filter(({ conversation }) => !conversation.archived_at)
    .map(({ conversation }) => ({ id: conversation.id, title: nameOf(conversation), hint: conversation.topic }));
  const pick = async (id: string) => {
    close();
    try {
      await messageActs.forward(message.id, id, "");
      showToast({ message: t("Forwarded") });
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  return (
    <Picker
      title={t("Forward")}
      placeholder={t("Forward to …")}
      items={items}
      emptyText={t("No conversation of that name.")}
      onPick={(id) => void pick(id)}
      onClose={close}
    />
  );
}

const AT = "at";

function RemindSheet({ message }: { message: Message }) {
  const [isAsking, setAsking] = useState(false);
  const named = moments();
  const pick = (id: string) => {
    const found = named.find((one) => one.title === id);
    if (!found) return setAsking(true);
    close();
    void remind(message, found.at);
  };
  if (isAsking)
    return <AtDialog title={t("Remind me at")} onClose={close} onPick={(iso) => void remind(message, new Date(iso))} />;
  const items = [...named.map((one) => ({ id: one.title, title: one.title })), { id: AT, title: t("at …") }];
  return (
    <Picker
      title={t("Remind me")}
      placeholder={t("Remind me …")}
      items={items}
      emptyText={t("No such moment.")}
      onPick={pick}
      onClose={close}
    />
  );
}

const REASONS = [
  { value: "harassment", label: t("Harassment") },
  { value: "spam", label: t("Junk") },
  { value: "inappropriate", label: t("Inappropriate") },
  { value: "misinformation", label: t("It is not true") },
  { value: "other", label: t("Something else") },
] as const;

type Reason = Parameters<typeof messageActs.report>[1]["reason"];

function ReportSheet({ message }: { message: Message }) {
  const [reason, setReason] = useState<Reason>(REASONS[0].value as Reason);
  const [note, setNote] = useState("");
  const send = async () => {
    close();
    try {
      await messageActs.report(message.id, { reason, note });
      showToast({ message: t("Reported to those who manage conversations") });
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  return (
    <Dialog
      isOpen
      onClose={close}
      title={t("Report this message")}
      description={t("Those who manage conversations see what it says, and who reported it.")}
      footer={
        <Button kind="primary" onClick={() => void send()}>
          {t("Report")}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <SelectField label={t("Why")} options={REASONS as never} value={reason} onChange={setReason} />
        <TextAreaField
          label={t("What they should know")}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Dialog>
  );
}

function ReadersSheet({ message }: { message: Message }) {
  const query = useQuery({
    queryKey: ["chat-readers", message.id],
    queryFn: () => messageActs.readers(message.id),
    staleTime: 0,
  });
  const readers = query.data;
  return (
    <Dialog isOpen onClose={close} title={t("Who has read it")} width="narrow" isTextOnly>
      {query.error && <p className="text-sm text-danger">{messageOf(query.error)}</p>}
      {readers && (
        <>
          <p className="pb-2 text-sm text-muted">
            {plural(readers.read_count, "Read by {n} person", "Read by {n} people")}
            {message.needs_ack
              ? `, ${plural(readers.acknowledged.length, "acknowledged by {n}", "acknowledged by {n}")}`
              : ""}
          </p>
          <ul className="flex flex-col gap-1 text-sm">
            {readers.acknowledged.map((one) => (
              <li key={one.user_id} className="flex justify-between gap-3">
                <span className="truncate">{one.name}</span>
                <span className="shrink-0 text-ok" title={fullDate(one.at)}>
                  {t("acknowledged {when}", { when: longDate(one.at) })}
                </span>
              </li>
            ))}
            {readers.read
              .filter((one) => !readers.acknowledged.some((other) => other.user_id === one.user_id))
              .map((one) => (
                <li key={one.user_id} className="truncate">
                  {one.name}
                </li>
              ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function RevisionsSheet({ message }: { message: Message }) {
  const meId = useMeId();
  const query = useQuery({
    queryKey: ["chat-revisions", message.id, message.seq],
    queryFn: () => messageActs.revisions(message.id),
  });
  return (
    <Dialog isOpen onClose={close} title={t("What it said before")} isTextOnly>
      {query.error && <p className="text-sm text-danger">{messageOf(query.error)}</p>}
      <ol className="flex flex-col gap-3">
        {query.data?.items.map((one) => (
          <li key={one.number} className="border-l-2 border-line-strong pl-3">
            <p className="text-xs text-muted">{t("until {when}", { when: longDate(one.until) })}</p>
            <MessageBody html={one.html} meId={meId} />
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
