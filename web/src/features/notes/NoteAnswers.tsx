import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ChatThread, Message, Participant } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { textToShow } from "../../lib/chat-text";
import { t } from "../../lib/i18n";
import type { ChatThreadFollows } from "../../sync/chat-cache";
import { followsKey } from "../../sync/chat-cache";
import { readBeside, timelineQuery } from "../../sync/timelines";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { ChatComposer } from "../conversations/ChatComposer";
import { focusComposer, focusRowOf } from "../conversations/focus";
import { PendingRow } from "../conversations/PendingRow";
import { TypingLine } from "../conversations/TypingLine";
import { usePending } from "../conversations/useTimeline";
import { NOTHING, placeOf, write } from "../conversations/writing";
import { Note } from "./Note";
import { answerNote, useNoting } from "./noting";

type NoteAnswersProps = {
  root: Message;
  thread: ChatThread | null;
  people: readonly Participant[];
  meId: string;
  isAdmin: boolean;
  nameOf: (id: string) => string;
};

const NONE: Message[] = [];

/** What was answered to a note, below it, and the field for one more. */
export function NoteAnswers({ root, thread, people, meId, isAdmin, nameOf }: NoteAnswersProps) {
  const client = useQueryClient();
  const isAnswering = useNoting((noting) => noting.rootId === root.id);
  const threadId = thread?.id ?? null;
  const held = useQuery({
    ...timelineQuery(root.conversation_id, threadId, null),
    enabled: threadId !== null,
  }).data;
  // Without a thread the same key is that of the notes themselves.
  const answers = threadId ? (held?.messages.filter((one) => one.thread_id === threadId) ?? NONE) : NONE;
  const pending = usePending(root.conversation_id, threadId, root.id, answers);
  useReadingAnswers(root.conversation_id, threadId, answers.at(-1)?.number ?? 0);
  if (answers.length === 0 && pending.length === 0 && !isAnswering) return null;
  const older = () =>
    void readBeside(client, root.conversation_id, threadId, "older").catch((error: unknown) =>
      showToast({ kind: "problem", message: messageOf(error) }),
    );
  return (
    <section aria-label={t("Answers")} className="mt-2 ml-3 border-l-2 border-star pl-3 sm:ml-9">
      {threadId && held?.hasOlder && (
        <Button size="small" kind="ghost" onClick={older}>
          {t("Earlier answers")}
        </Button>
      )}
      {answers.map((answer) => (
        <div key={answer.id} className="py-1">
          <Note
            note={answer}
            rootId={root.id}
            {...{ meId, isAdmin, nameOf }}
            onEdit={() => answerNote(root.id)}
            onAnswer={() => answerNote(root.id)}
          />
        </div>
      ))}
      {pending.map((one) => (
        <PendingRow key={one.clientId} pending={one} />
      ))}
      {isAnswering && <AnswerField {...{ root, threadId, people, meId, nameOf }} answers={answers} />}
    </section>
  );
}

type AnswerFieldProps = Pick<NoteAnswersProps, "root" | "people" | "meId" | "nameOf"> & {
  threadId: string | null;
  answers: readonly Message[];
};

function AnswerField({ root, threadId, people, meId, nameOf, answers }: AnswerFieldProps) {
  const { conversation_id: conversationId } = root;
  const place = placeOf(conversationId, root.id);
  const lastOwn = answers.findLast((one) => one.author.id === meId && !one.deleted_at) ?? null;
  useEffect(() => focusComposer(place), [place]);
  const close = () => {
    answerNote(null);
    focusRowOf(root.id);
  };
  return (
    <div className="pt-1">
      <p className="pb-1 text-xs font-medium text-warn">{t("Only people with this mailbox see your answer")}</p>
      <ChatComposer
        where={{ conversationId, threadId, rootId: threadId ? null : root.id, place }}
        label={t("Answer to {who}", { who: root.author.name || t("the note") })}
        participants={people}
        meId={meId}
        lastOwn={lastOwn}
        onEditLast={(message) => {
          const { shown, namings } = textToShow(message.text);
          write(place, { ...NOTHING, text: shown, namings, editing: message });
        }}
        onLeave={close}
      />
      <div className="-mt-2 flex items-center">
        <TypingLine {...{ conversationId, threadId, meId, nameOf }} />
        <Button size="small" kind="ghost" onClick={close} className="mr-3 ml-auto">
          {t("Close")}
        </Button>
      </div>
    </div>
  );
}

/** Who follows these answers has read them now; for others the server moves nothing. */
function useReadingAnswers(conversationId: string, threadId: string | null, last: number): void {
  const follows = useQuery<ChatThreadFollows>({ queryKey: followsKey, queryFn: () => ({}), enabled: false }).data;
  const read = (threadId && follows?.[threadId]?.read_number) || 0;
  useEffect(() => {
    if (!threadId || last <= read || document.visibilityState !== "visible") return;
    void chat.read(conversationId, { number: last, thread_id: threadId, is_reopened: true }).catch(() => undefined);
  }, [conversationId, threadId, last, read]);
}
