/** A piece of a conversation as it is held: whole between its ends, in order of number. Pure. */

export type TimelineMessage = {
  id: string;
  number: number;
  thread_id: string | null;
  author: { id: string | null; name: string };
  kind: "text" | "system";
  created_at: string;
  deleted_at: string | null;
  reply_to: string | null;
  importance: string;
  client_id: string | null;
  seq: string;
};

type WireMessage = import("../api/chat").Message;
type WireThread = import("../api/chat").ChatThread;

export type Timeline = {
  messages: WireMessage[];
  /** Those that begin in these messages, by their root. */
  threads: { [rootId: string]: WireThread };
  hasOlder: boolean;
  hasNewer: boolean;
  state: string;
};

type Piece = { items: WireMessage[]; threads: WireThread[]; has_older: boolean; has_newer: boolean; state: string };

/** More than this is not kept in the page, nor drawn: the far end is let go as the other grows. */
export const MOST_HELD = 240;

export function heldFrom(piece: Piece): Timeline {
  return {
    messages: piece.items,
    threads: byRoot({}, piece.threads),
    hasOlder: piece.has_older,
    hasNewer: piece.has_newer,
    state: piece.state,
  };
}

function byRoot(known: Timeline["threads"], threads: readonly WireThread[]): Timeline["threads"] {
  if (threads.length === 0) return known;
  const next = { ...known };
  for (const thread of threads) {
    const before = next[thread.root_id];
    if (!before || isNewer(thread.seq, before.seq)) next[thread.root_id] = thread;
  }
  return next;
}

/** Log numbers are digits that may be longer than a number holds. */
export function isNewer(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

/** Read on at one end; what is then too much goes at the other. */
export function joined(held: Timeline, piece: Piece, end: "older" | "newer"): Timeline {
  const known = new Set(held.messages.map((one) => one.id));
  const fresh = piece.items.filter((one) => !known.has(one.id));
  const threads = byRoot(held.threads, piece.threads);
  if (end === "older") {
    const all = [...fresh, ...held.messages];
    const messages = all.slice(0, MOST_HELD);
    return { ...held, threads, messages, hasOlder: piece.has_older, hasNewer: held.hasNewer || all.length > MOST_HELD };
  }
  const all = [...held.messages, ...fresh];
  const messages = all.slice(-MOST_HELD);
  return { ...held, threads, messages, hasNewer: piece.has_newer, hasOlder: held.hasOlder || all.length > MOST_HELD };
}

export type TimelineNews = { messages: readonly WireMessage[]; threads: readonly WireThread[]; state: string };

/**
 * States put in the place of those that are here. A message that is new is taken in where the piece reaches to it; behind
 * an end that is not read yet it waits to be read. Told twice or out of order it makes no difference.
 */
export function applyNews(held: Timeline, news: TimelineNews, threadId: string | null): Timeline {
  const threads = byRoot(held.threads, news.threads);
  let messages = held.messages;
  const { hasNewer } = held;
  for (const message of news.messages) {
    const isRoot = threadId !== null && messages[0]?.id === message.id;
    if (message.thread_id !== threadId && !isRoot) continue;
    const at = messages.findIndex((one) => one.id === message.id);
    const known = messages[at];
    if (known) {
      if (isNewer(message.seq, known.seq)) messages = messages.with(at, message);
      continue;
    }
    const last = messages.at(-1)?.number ?? 0;
    const first = messages[0]?.number ?? 0;
    if (message.number > last && hasNewer) continue;
    if (message.number < first && held.hasOlder) continue;
    const place = messages.findIndex((one) => one.number > message.number);
    messages = place < 0 ? [...messages, message] : messages.toSpliced(place, 0, message);
  }
  // Bounded also while one does not look: who is at the end keeps the end.
  if (messages.length > MOST_HELD * 2) messages = messages.slice(-MOST_HELD);
  const wasCut =
    messages[0] !== undefined && held.messages[0] !== undefined && messages[0].number > held.messages[0].number;
  if (messages === held.messages && threads === held.threads) return held;
  return { messages, threads, hasOlder: held.hasOlder || wasCut, hasNewer, state: news.state };
}

export function withoutMessage(held: Timeline, id: string): Timeline {
  const messages = held.messages.filter((one) => one.id !== id);
  return messages.length === held.messages.length ? held : { ...held, messages };
}

export type Row<Message> =
  | { kind: "day"; key: string; date: string }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; isHead: boolean };

const TOGETHER_MS = 5 * 60_000;

/** Grouped by day and author. `readNumber` is how far one had read when it was opened: above the next is a line. */
export function rowsOf<Message extends TimelineMessage>(
  messages: readonly Message[],
  readNumber: number | null,
  meId: string | null,
): Row<Message>[] {
  const rows: Row<Message>[] = [];
  const rootId = messages[0]?.id ?? null;
  let before: Message | null = null;
  let isLined = readNumber === null;
  for (const message of messages) {
    const day = dayOf(message.created_at);
    const isNewDay = before === null || dayOf(before.created_at) !== day;
    if (isNewDay) rows.push({ kind: "day", key: `day-${day}`, date: message.created_at });
    const isUnread = !isLined && readNumber !== null && message.number > readNumber && message.author.id !== meId;
    if (isUnread) {
      rows.push({ kind: "new", key: "new" });
      isLined = true;
    }
    const isHead = isNewDay || isUnread || !before || !belongsTo(message, before, rootId);
    rows.push({ kind: "message", key: message.id, message, isHead });
    before = message;
  }
  return rows;
}

/** What answers the root of its own thread quotes nothing, and so stands with the one before. */
function belongsTo(message: TimelineMessage, before: TimelineMessage, rootId: string | null): boolean {
  const isQuoting = message.reply_to !== null && !(message.thread_id !== null && message.reply_to === rootId);
  return (
    message.kind === "text" &&
    before.kind === "text" &&
    before.deleted_at === null &&
    message.author.id !== null &&
    message.author.id === before.author.id &&
    !isQuoting &&
    message.importance === "normal" &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < TOGETHER_MS
  );
}

function dayOf(iso: string): string {
  const date = new Date(iso);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
