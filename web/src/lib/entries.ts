/** What stands in a list one below the other: threads, and in a search messages between them. Pure. */
import type { FoundMessage, ThreadRow } from "../api/types";
import { compareIds, keyOf } from "./thread-list";

export type Entry = ThreadRow | FoundMessage;

export const isMessage = (entry: Entry): entry is FoundMessage => "message" in entry;
export const isThread = (entry: Entry): entry is ThreadRow => !isMessage(entry);

const NONE: readonly FoundMessage[] = [];
const placeOf = (entry: Entry) => (isMessage(entry) ? entry.at : keyOf(entry));

function comesBefore(a: Entry, b: Entry): boolean {
  const [one, other] = [placeOf(a), placeOf(b)];
  return one === other ? compareIds(a.id, b.id) > 0 : one > other;
}

/** Both are in order already, the newest first. Threads alone are given back as they are. */
export function entriesOf(rows: readonly ThreadRow[], found: readonly FoundMessage[] = NONE): readonly Entry[] {
  if (found.length === 0) return rows;
  const entries: Entry[] = [];
  let at = 0;
  for (const row of rows) {
    for (let next = found[at]; next && comesBefore(next, row); next = found[at]) {
      entries.push(next);
      at += 1;
    }
    entries.push(row);
  }
  return [...entries, ...found.slice(at)];
}

/** How a conversation is called where it is not open. */
export function placeName({ kind, name, with: other }: FoundMessage["conversation"]): string {
  if (kind === "direct") return `@${other ?? ""}`;
  return kind === "channel" ? `#${name}` : name;
}
