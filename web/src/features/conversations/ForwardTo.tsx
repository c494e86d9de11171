import { Lock } from "lucide-react";
import { useState } from "react";
import type { Conversation } from "../../api/chat";
import { t } from "../../lib/i18n";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Picker } from "../../ui/Picker";
import { TextAreaField } from "../../ui/TextArea";
import { showToast } from "../../ui/toasts";
import { KIND_ICONS } from "./kinds";
import { nameOf } from "./listing";
import { useListed } from "./useConversations";

type ForwardToProps = {
  title: string;
  /** What goes: who wrote it, and how it begins. */
  head: string;
  text: string;
  /** Who will see it there. */
  note?: string;
  send: (conversationId: string, words: string) => Promise<unknown>;
  onClose: () => void;
};

const MOST_WORDS = 10_000;

/** First where it goes, then what one says about it. */
export function ForwardTo({ title, head, text, note, send, onClose }: ForwardToProps) {
  const { all } = useListed();
  const [to, setTo] = useState<Conversation | null>(null);
  const places = all
    .map((one) => one.conversation)
    .filter((one) => !one.archived_at && (one.posting === "everybody" || one.me?.role !== "member"));
  if (!to)
    return (
      <Picker
        title={title}
        placeholder={t("To which conversation?")}
        items={places.map((one) => ({
          id: one.id,
          title: nameOf(one),
          hint: one.topic,
          icon: one.kind === "channel" && one.visibility === "private" ? Lock : KIND_ICONS[one.kind],
        }))}
        emptyText={t("No conversation of that name.")}
        onPick={(id) => setTo(places.find((one) => one.id === id) ?? null)}
        onClose={onClose}
      />
    );
  return <Words {...{ title, head, text, send, onClose, to }} {...(note ? { note } : {})} />;
}

function Words({ title, head, text, note, send, onClose, to }: ForwardToProps & { to: Conversation }) {
  const form = useForm({ words: "" });
  const act = async ({ words }: { words: string }) => {
    await send(to.id, words);
    onClose();
    showToast({ message: t("Forwarded to {name}", { name: nameOf(to) }) });
  };
  return (
    <FormDialog
      title={`${title}: ${nameOf(to)}`}
      submitLabel={t("Forward")}
      form={form}
      onSubmit={form.submit(act)}
      onClose={onClose}
      width="normal"
    >
      <TextAreaField label={t("Your words, if you like")} rows={3} maxLength={MOST_WORDS} {...form.field("words")} />
      <blockquote className="rounded border-l-2 border-line-strong bg-sunken px-3 py-2 text-sm">
        <p dir="auto" className="truncate font-semibold">
          {head}
        </p>
        <p dir="auto" className="line-clamp-3 break-words text-muted">
          {text}
        </p>
      </blockquote>
      {note && <p className="text-sm text-muted">{note}</p>}
    </FormDialog>
  );
}
