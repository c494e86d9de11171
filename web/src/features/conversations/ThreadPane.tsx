import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { ChatThread, Conversation, Participant } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { messageActs } from "../../api/chat-acts";
import { t } from "../../lib/i18n";
import type { Timeline as Held } from "../../lib/timeline";
import type { ChatThreadFollows } from "../../sync/chat-cache";
import { followsKey } from "../../sync/chat-cache";
import { IconButton } from "../../ui/IconButton";
import { AudienceBar } from "./AudienceBar";
import { ChatComposer } from "./ChatComposer";
import { beginEdit, Closed, lastOwnOf, useNames } from "./ConversationPane";
import { nameOf } from "./listing";
import { MessageBody } from "./MessageBody";
import { PendingRow } from "./PendingRow";
import { ThreadActs } from "./ThreadActs";
import { Timeline } from "./Timeline";
import { TypingLine } from "./TypingLine";
import { useMeId, useParticipants } from "./useConversations";
import { usePending } from "./useTimeline";
import { placeOf } from "./writing";

type ThreadPaneProps = {
  conversation: Conversation;
  threadId: string | null;
  rootId: string | null;
  at: number | null;
};

const NOBODY: Participant[] = [];

/** Beside the timeline; a page of its own where there is no room for both. */
export function ThreadPane({ conversation, threadId: given, rootId, at }: ThreadPaneProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const meId = useMeId();
  const { id } = conversation;
  const participants = useParticipants(id) ?? NOBODY;
  const nameOfPerson = useNames(participants);
  const main = useQuery<Held>({ queryKey: chatKeys.timeline(id, null), enabled: false }).data;
  const begun = rootId ? main?.threads[rootId] : undefined;
  const threadId = given ?? begun?.id ?? null;
  const thread = useThread(id, threadId, main);
  // As the address has it, so that what is written stays when its first answer begins the thread.
  const key = rootId ?? threadId;
  const place = placeOf(id, key);
  const where = { conversationId: id, threadId, rootId: threadId ? null : rootId, place };
  const close = () =>
    void navigate({ to: "/conversations/$conversationId", params: { conversationId: id }, search: {} });
  const lastOwn = lastOwnOf(threadId ? client.getQueryData(chatKeys.timeline(id, threadId)) : undefined, meId);
  return (
    <section
      data-timeline
      aria-label={t("Thread")}
      className="flex h-full min-w-0 shrink-0 flex-col border-l border-line bg-paper max-lg:flex-1 max-lg:border-l-0 lg:w-[400px]"
    >
      <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-4">
        <div className="min-w-0 flex-1">
          <h2 dir="auto" className="truncate leading-5 font-semibold">
            {thread?.title || t("Thread")}
          </h2>
          <p dir="auto" className="truncate text-xs text-muted">
            {nameOf(conversation)}
            {thread?.resolved_at ? ` · ${t("done")}` : ""}
          </p>
        </div>
        {thread && <ThreadActs conversationId={id} thread={thread} />}
        <IconButton icon={X} label={t("Close the thread")} onClick={close} />
      </header>
      {threadId ? (
        <Open key={threadId} {...{ conversation, threadId, rootId, meId, at }} nameOf={nameOfPerson} onBack={close} />
      ) : (
        <Beginning conversationId={id} rootId={rootId ?? ""} meId={meId} />
      )}
      <TypingLine conversationId={id} threadId={threadId} meId={meId} nameOf={nameOfPerson} />
      {conversation.archived_at || !conversation.me ? (
        <Closed text={t("Nobody writes here now.")} />
      ) : (
        <>
          <AudienceBar conversation={conversation} />
          <ChatComposer
            where={where}
            label={t("Answer in the thread")}
            participants={participants}
            meId={meId}
            lastOwn={lastOwn}
            onEditLast={(message) => beginEdit(place, message)}
          />
        </>
      )}
    </section>
  );
}

type OpenProps = {
  conversation: Conversation;
  threadId: string;
  rootId: string | null;
  meId: string;
  at: number | null;
  nameOf: (id: string) => string;
  onBack: () => void;
};

function Open({ conversation, threadId, rootId, at, ...rest }: OpenProps) {
  const client = useQueryClient();
  const [readNumber] = useState(
    () => client.getQueryData<ChatThreadFollows>(followsKey)?.[threadId]?.read_number ?? null,
  );
  return (
    <Timeline
      conversation={conversation}
      threadId={threadId}
      rootId={rootId}
      label={t("Messages of the thread")}
      at={at}
      readNumber={readNumber}
      start={at}
      {...rest}
    />
  );
}

/** A thread that nobody has answered in: only what it is about. */
function Beginning({ conversationId, rootId, meId }: { conversationId: string; rootId: string; meId: string }) {
  const root = useQuery({ queryKey: ["chat-message", rootId], queryFn: () => messageActs.get(rootId) }).data;
  const pending = usePending(conversationId, null, rootId, []);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto py-3">
      {root && (
        <div className="mx-4 border-l-2 border-line-strong pl-3">
          <p className="text-sm font-semibold">{root.author.name}</p>
          <MessageBody html={root.html} meId={meId} />
        </div>
      )}
      {pending.map((one) => (
        <PendingRow key={one.clientId} pending={one} />
      ))}
      {pending.length === 0 && <p className="p-4 text-sm text-muted">{t("The first answer begins the thread.")}</p>}
    </div>
  );
}

function useThread(conversationId: string, threadId: string | null, main: Held | undefined): ChatThread | undefined {
  const known = Object.values(main?.threads ?? {}).find((one) => one.id === threadId);
  const other = useQuery({
    queryKey: ["chat-thread", threadId, known?.seq ?? ""],
    queryFn: () =>
      call("GET /api/v1/conversations/{conversation_id}/threads/{thread_id}/", {
        path: { conversation_id: conversationId, thread_id: threadId ?? "" },
      }),
    enabled: threadId !== null && !known,
  }).data;
  return known ?? other;
}
