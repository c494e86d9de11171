import { useEffect, useMemo } from "react";
import type { Message } from "../../api/chat";
import type { ThreadNotes } from "../../api/notes";
import { textToShow } from "../../lib/chat-text";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { ChatComposer } from "../conversations/ChatComposer";
import { focusComposer } from "../conversations/focus";
import { PendingRow } from "../conversations/PendingRow";
import { TypingLine } from "../conversations/TypingLine";
import { usePending } from "../conversations/useTimeline";
import { NOTHING, placeOf, write } from "../conversations/writing";
import { Audience } from "./Audience";
import { participantsOf } from "./useNotes";

export type NoteComposerProps = {
  conversationId: string;
  notes: ThreadNotes;
  messages: readonly Message[];
  meId: string;
  onReply: () => void;
  onClose: () => void;
};

/** Writes to colleagues and to nobody else: its colour and its first line say so all the while. */
export function NoteComposer({ conversationId, notes, messages, meId, onReply, onClose }: NoteComposerProps) {
  const place = placeOf(conversationId, null);
  const pending = usePending(conversationId, null, null, messages);
  const people = useMemo(() => participantsOf(notes), [notes]);
  const lastOwn = messages.findLast((one) => one.author.id === meId && one.kind === "text" && !one.deleted_at) ?? null;
  useEffect(() => focusComposer(place), [place]);
  const others = notes.people.filter((one) => one.id !== meId);
  const more = notes.people_count - notes.people.length;
  const names = [...others.slice(0, 3).map((one) => one.name)];
  const left = others.length - names.length + more;
  return (
    <section aria-label={t("Your note")} data-print="none" className="rounded-md border-2 border-star bg-note">
      <Audience kind="note" onReply={onReply} onNote={() => undefined}>
        {names.length === 0
          ? t("Only you see this: nobody else has this mailbox")
          : left > 0
            ? t("Only people with this mailbox: you, {names} and {more}", {
                names: names.join(", "),
                more: plural(left, "{n} other", "{n} others"),
              })
            : t("Only people with this mailbox: you, {names}", { names: names.join(", ") })}
      </Audience>
      {pending.map((one) => (
        <PendingRow key={one.clientId} pending={one} />
      ))}
      <ChatComposer
        where={{ conversationId, threadId: null, rootId: null, place }}
        label={t("A note for your colleagues")}
        participants={people}
        meId={meId}
        lastOwn={lastOwn}
        onLeave={onClose}
        onEditLast={(message) => {
          const { shown, namings } = textToShow(message.text);
          write(place, { ...NOTHING, text: shown, namings, editing: message });
        }}
      />
      <div className="flex items-center pb-1">
        <TypingLine
          conversationId={conversationId}
          threadId={null}
          meId={meId}
          nameOf={(id) => notes.people.find((one) => one.id === id)?.name ?? ""}
        />
        <Button size="small" kind="ghost" onClick={onClose} className="mr-3 ml-auto">
          {t("Close")}
        </Button>
      </div>
    </section>
  );
}
