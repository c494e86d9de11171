/** The newest message of a conversation, as its line in the list shows it. Pure. */
import type { Conversation, LastMessage, Message } from "../api/chat";

const BEGINNING = 300;

export function lastFrom(message: Message): LastMessage {
  const { id, number, author, text, attachments, created_at } = message;
  return {
    id,
    number,
    author: { id: author.id, name: author.name },
    text: text.slice(0, BEGINNING),
    has_files: attachments.length > 0,
    created_at,
  };
}

const isSaid = (message: Message) =>
  message.thread_id === null && message.kind === "text" && message.deleted_at === null;

/** What stands in the list after these changed; null where it went, and which is the newest now has to be asked. */
export function lastAfter(before: LastMessage | null, changed: readonly Message[]): LastMessage | null {
  const isGone = changed.some((one) => one.id === before?.id && one.deleted_at !== null);
  const kept = isGone ? null : before;
  const newest = changed.filter(isSaid).reduce<Message | null>((a, b) => (a && a.number > b.number ? a : b), null);
  return newest && newest.number >= (kept?.number ?? 0) ? lastFrom(newest) : kept;
}

/** The moment by which the list is ordered. */
export const lastAt = (conversation: Conversation): string => conversation.last?.created_at ?? conversation.last_at;
