import { StickyNote } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { messageOf } from "../../api/error";
import type { Email, Thread } from "../../api/types";
import { compose } from "../../commands/compose";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { sayTyping } from "../../sync/talk";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { InlineReply, inlineComposer } from "../composer/InlineReply";
import { patchComposer, useComposers } from "../composer/state";
import { useChatView } from "../conversations/chatView";
import { Audience } from "./Audience";
import { answerNote, useNoting, writeNote } from "./noting";
import type { Notes } from "./useNotes";

const ChatSheets = onDemand(async () => (await import("../conversations/ChatSheets")).ChatSheets);
const NoteComposer = onDemand(async () => (await import("./NoteComposer")).NoteComposer);
/** A little over what `sayTyping` lets through, and within what others take for over. */
const SAY_EVERY_MS = 4_200;

type AnswerAreaProps = { thread: Thread; email: Email; notes: Notes; meId: string };

/** At the end of a thread: an answer by mail, or a note, never both in one field. */
export function AnswerArea({ thread, email, notes, meId }: AnswerAreaProps) {
  const isNoting = useNoting((noting) => noting.threadId === thread.id);
  const hasSheet = useChatView((view) => view.sheet !== null);
  const composer = useComposers((state) => inlineComposer(Object.values(state.composers), thread.emails));
  const [isOpening, setOpening] = useState(false);
  useSayAnswering(notes.isShared ? notes.conversationId : null, thread.emails);
  useEffect(() => () => writeNote(null), []);
  const note = async () => {
    if (composer) patchComposer(composer.key, { placement: "dock", minimised: true });
    setOpening(true);
    try {
      if (!notes.conversationId) await notes.open();
      writeNote(thread.id);
    } catch (error) {
      writeNote(null);
      showToast({ kind: "problem", message: messageOf(error) });
    }
    setOpening(false);
  };
  const isWanted = useNoting((noting) => noting.wantedId === thread.id) && notes.known !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it comes to be wanted
  useEffect(() => {
    if (isWanted) void note();
  }, [isWanted]);
  useWantedAnswer(thread.id, notes.messages);
  const reply = () => {
    writeNote(null);
    compose({ mode: "reply", email, placement: "inline" });
  };
  if (isNoting && notes.known && notes.conversationId)
    return (
      <Suspense fallback={<div className="h-28" />}>
        <NoteComposer
          conversationId={notes.conversationId}
          notes={notes.known}
          messages={notes.messages}
          meId={meId}
          onReply={reply}
          onClose={() => writeNote(null)}
        />
        {hasSheet && <ChatSheets />}
      </Suspense>
    );
  const to = composer ? [...composer.content.to, ...composer.content.cc, ...composer.content.bcc] : [];
  return (
    <>
      <InlineReply
        email={email}
        threadEmails={thread.emails}
        more={
          notes.known && (
            <Button isBusy={isOpening} onClick={() => void note()} className="border-star bg-note">
              <StickyNote size={16} aria-hidden className="text-warn" />
              {t("Note")}
            </Button>
          )
        }
        audience={
          notes.known && (
            <Audience kind="reply" onReply={() => undefined} onNote={() => void note()}>
              {to.length > 0
                ? t("Goes out as mail to {people}", { people: to.map((one) => one.name || one.email).join(", ") })
                : t("Goes out as mail")}
            </Audience>
          )
        }
      />
      {hasSheet && (
        <Suspense fallback={null}>
          <ChatSheets />
        </Suspense>
      )}
    </>
  );
}

/** Colleagues who look at the thread see that it is being answered, before they begin too. */
function useSayAnswering(conversationId: string | null, emails: readonly Email[]): void {
  const isAnswering = useComposers((state) =>
    Object.values(state.composers).some(
      ({ isHidden, content }) => !isHidden && emails.some((one) => one.id === content.replyToEmailId),
    ),
  );
  useEffect(() => {
    if (!conversationId || !isAnswering) return;
    const say = () => sayTyping(conversationId, null, true, true);
    say();
    const timer = setInterval(say, SAY_EVERY_MS);
    return () => {
      clearInterval(timer);
      sayTyping(conversationId, null, false, true);
    };
  }, [conversationId, isAnswering]);
}

/** By a key: to the note that had the focus, else to the last one. */
function useWantedAnswer(threadId: string, messages: Notes["messages"]): void {
  const wanted = useNoting((noting) => (noting.wantedAnswer?.threadId === threadId ? noting.wantedAnswer : null));
  const last = messages.findLast((one) => one.kind === "text" && !one.deleted_at)?.id ?? null;
  useEffect(() => {
    if (wanted) answerNote(wanted.rootId ?? last);
  }, [wanted, last]);
}
