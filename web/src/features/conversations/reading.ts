/** How far one has read: said when it is seen, at most a few times a second, and never back. */
import type { QueryClient } from "@tanstack/react-query";
import type { Counter } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { writeConversation, writePlace } from "../../sync/chat-cache";

const SAY_AFTER_MS = 250;

/** Marked unread by hand: not read again before it is opened again. */
const held = new Set<string>();
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

export function holdUnread(conversationId: string): void {
  held.add(conversationId);
  clearTimeout(waiting.get(conversationId));
}

export function letRead(conversationId: string): void {
  held.delete(conversationId);
}

export type Seen = { conversationId: string; threadId: string | null; number: number; isReopened: boolean };

export function markSeen(client: QueryClient, { conversationId, threadId, number, isReopened }: Seen): void {
  if (held.has(conversationId)) return;
  if (threadId === null) showRead(client, conversationId, number);
  const name = `${conversationId} ${threadId ?? ""}`;
  clearTimeout(waiting.get(name));
  const say = async () => {
    const thread = threadId === null ? {} : { thread_id: threadId };
    try {
      const place = await chat.read(conversationId, { number, is_reopened: isReopened, ...thread });
      writePlace(client, place);
      if (threadId !== null) void client.invalidateQueries({ queryKey: chatKeys.unreadThreads });
    } catch {
      // What is not said now is said with the next message that is seen.
    }
  };
  waiting.set(
    name,
    setTimeout(() => void say(), SAY_AFTER_MS),
  );
}

/** The badge goes at once; the server's count follows. */
function showRead(client: QueryClient, conversationId: string, number: number): void {
  client.setQueryData<Counter[]>(chatKeys.counters, (all) =>
    all?.map((one) =>
      one.conversation_id === conversationId && number >= one.last_number
        ? { ...one, unread: 0, mentions: 0, is_marked_unread: false, read_number: number }
        : one,
    ),
  );
  writeConversation(client, conversationId, (one) =>
    one.me
      ? { ...one, me: { ...one.me, read_number: Math.max(one.me.read_number, number), is_marked_unread: false } }
      : one,
  );
}
