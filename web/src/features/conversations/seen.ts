/** Who has seen what one wrote, as far as a small conversation tells it. Pure. */
import type { Message, Participant } from "../../api/chat";

export type Seen = { message: Message; people: Participant[]; isAll: boolean };

/** One's newest message of the main timeline, and who has read as far as that; null where nobody's reading is told. */
export function seenOf(messages: readonly Message[], participants: readonly Participant[], meId: string): Seen | null {
  const message = messages.findLast(
    (one) => one.author.id === meId && one.kind === "text" && one.thread_id === null && one.deleted_at === null,
  );
  const others = participants.filter((one) => one.user_id !== null && one.user_id !== meId);
  const telling = others.filter((one) => one.read_number !== null);
  if (!message || telling.length === 0) return null;
  const people = telling.filter((one) => (one.read_number ?? 0) >= message.number);
  return { message, people, isAll: people.length === others.length };
}

/** Who has got it on a device, and not read it yet. */
export function isDelivered({ message, people }: Seen, participants: readonly Participant[], meId: string): boolean {
  const isGot = (one: Participant) => one.user_id !== meId && (one.delivered_number ?? 0) >= message.number;
  return people.length === 0 && participants.some(isGot);
}

export function stillToAcknowledge(
  message: Message,
  participants: readonly Participant[],
  acknowledged: readonly { user_id: string }[],
): Participant[] {
  const done = new Set(acknowledged.map((one) => one.user_id));
  return participants.filter(
    (one) => one.user_id !== null && one.user_id !== message.author.id && !done.has(one.user_id),
  );
}
