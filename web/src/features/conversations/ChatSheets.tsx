import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Message } from "../../api/chat";
import { messageActs } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { plainLine } from "../../lib/chat-text";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField } from "../../ui/SelectField";
import { TextAreaField } from "../../ui/TextArea";
import { showToast } from "../../ui/toasts";
import { openChatSheet, useChatView } from "./chatView";
import { ForwardTo } from "./ForwardTo";
import { MessageBody } from "./MessageBody";
import { ReadersSheet } from "./Readers";
import { RemindSheet } from "./Remind";
import { useMeId } from "./useConversations";

const close = () => openChatSheet(null);

/** What stands over the page for one message, one at a time. */
export function ChatSheets() {
  const sheet = useChatView((view) => view.sheet);
  if (!sheet) return null;
  const { kind, message } = sheet;
  if (kind === "forward") return <ForwardSheet message={message} />;
  if (kind === "report") return <ReportSheet message={message} />;
  if (kind === "readers") return <ReadersSheet message={message} onClose={close} />;
  if (kind === "revisions") return <RevisionsSheet message={message} />;
  return <RemindSheet messageId={message.id} onClose={close} />;
}

function ForwardSheet({ message }: { message: Message }) {
  return (
    <ForwardTo
      title={t("Forward")}
      head={message.author.name}
      text={plainLine(message.text) || message.attachments.map((file) => file.filename).join(", ")}
      send={(id, words) => messageActs.forward(message.id, id, words)}
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
