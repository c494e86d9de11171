/** The notes of an open thread: read once, then told by the stream like any conversation. */
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ChatThread, Message, Participant } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import type { ThreadNotes } from "../../api/notes";
import { noteKeys, notesQuery, openNotes } from "../../api/notes";
import { keys } from "../../api/queries";
import type { Timeline } from "../../lib/timeline";
import { look } from "../../sync/talk";
import { timelineQuery } from "../../sync/timelines";
import { useMayTalk } from "../conversations/useConversations";

export type Notes = {
  /** Null where the person may not use notes, or they are not known yet. */
  known: ThreadNotes | null;
  messages: Message[];
  /** Answers to notes, by the note. */
  threads: { [rootId: string]: ChatThread };
  /** Takes what is written next; null where there is none yet. */
  conversationId: string | null;
  /** Whether others may read the mail too. */
  isShared: boolean;
  open: () => Promise<string | null>;
};

const NONE: ThreadNotes["conversations"] = [];
const byTime = (a: Message, b: Message) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.number - b.number;

/** All of them as one, by time. */
function together(timelines: readonly { data: Timeline | undefined }[]) {
  const messages = timelines.flatMap((one) => one.data?.messages ?? []).toSorted(byTime);
  const threads: Notes["threads"] = Object.assign({}, ...timelines.map((one) => one.data?.threads));
  return { messages, threads, isFollowed: timelines[0]?.data !== undefined };
}

export function useNotes(threadId: string): Notes {
  const client = useQueryClient();
  const mayTalk = useMayTalk();
  const known = useQuery({ ...notesQuery(threadId), enabled: mayTalk }).data ?? null;
  const pieces = known?.conversations ?? NONE;
  const { messages, threads, isFollowed } = useQueries({
    queries: pieces.map((piece) => timelineQuery(piece.id, null, null)),
    combine: together,
  });
  const conversationId = pieces[0]?.id ?? null;
  const isShared = (known?.people_count ?? 0) > 1;
  const open = async () => {
    const opened = await openNotes(threadId);
    client.setQueryData(noteKeys.notes(threadId), opened);
    return opened.conversations[0]?.id ?? null;
  };
  // So that colleagues see who reads, a shared thread has a place for notes before anybody writes one.
  const needsPlace = isShared && conversationId === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for a thread
  useEffect(() => {
    if (needsPlace) void open().catch(() => undefined);
  }, [needsPlace, threadId]);
  // One can look at what the stream follows, and it does once the timeline has come.
  useEffect(() => {
    if (!conversationId || !isFollowed) return;
    look(conversationId);
    return () => look(null);
  }, [conversationId, isFollowed]);
  useTurns(threadId, messages);
  useReading(pieces, messages);
  return { known, messages, threads, conversationId, isShared, open };
}

/** A line of the house says that something beside the notes is another now. */
function useTurns(threadId: string, messages: readonly Message[]): void {
  const client = useQueryClient();
  const last = messages.findLast((one) => one.kind === "system");
  const lastId = last?.id ?? null;
  const isJoining = last?.event?.type === "threads_joined";
  useEffect(() => {
    if (!lastId) return;
    void client.invalidateQueries({ queryKey: noteKeys.assignment(threadId) });
    void client.invalidateQueries({ queryKey: noteKeys.lists });
    if (!isJoining) return;
    void client.invalidateQueries({ queryKey: noteKeys.notes(threadId) });
    void client.invalidateQueries({ queryKey: keys.thread(threadId) });
  }, [client, threadId, lastId, isJoining]);
}

/** Whoever takes part has read what stands before them. */
function useReading(pieces: ThreadNotes["conversations"], messages: readonly Message[]): void {
  const unread = pieces.flatMap((piece) => {
    const last = messages.findLast((one) => one.conversation_id === piece.id)?.number ?? 0;
    return piece.read_number !== null && last > piece.read_number ? [`${piece.id} ${last}`] : [];
  });
  const what = unread.join(",");
  useEffect(() => {
    if (!what || document.visibilityState !== "visible") return;
    for (const one of what.split(",")) {
      const [id = "", number = "0"] = one.split(" ");
      void chat.read(id, { number: Number(number), is_reopened: true }).catch(() => undefined);
    }
  }, [what]);
}

const NO_TIME = "1970-01-01T00:00:00.000Z";

/** Who may read them, as the fields for messages know people. */
export const participantsOf = (notes: ThreadNotes | null): Participant[] =>
  (notes?.people ?? []).map((one) => ({
    id: one.id,
    user_id: one.id,
    name: one.name,
    role: "member",
    joined_at: NO_TIME,
    left_at: null,
    read_number: null,
    delivered_number: null,
    seq: "0",
  }));
