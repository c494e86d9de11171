/**
 * A list of threads as far as it was read: newest first, without repeats, with the cursor behind
 * its last row. Pure: each function gives the same object back when nothing changed.
 *
 * The server orders a mailbox by each thread's newest e-mail in that mailbox and says when that came, in
 * `placed_at`; `last_at` may be later, for an e-mail elsewhere.
 */
import type { FoundMessage, SearchAnswer, ThreadPage, ThreadRow } from "../api/types";

/** Of a search, with what it `found` in conversations, newest first as well. */
export type ThreadList = {
  rows: ThreadRow[];
  next: string | null;
  state: string;
  search?: SearchAnswer;
  found?: FoundMessage[];
};

/** Whether a thread is in the list, may stay while it is there already, or must leave. */
export type Verdict = "in" | "keep" | "out";

export function listFromPage(page: ThreadPage): ThreadList {
  const list: ThreadList = { rows: page.items, next: page.next, state: page.state };
  if (page.search) list.search = page.search;
  if (page.found) list.found = page.found;
  return list;
}

/** Puts a further page behind. Rows that moved up meanwhile are not shown twice. */
export function appendPage(list: ThreadList, page: ThreadPage): ThreadList {
  const known = new Set(list.rows.map((row) => row.id));
  const fresh = page.items.filter((row) => !known.has(row.id));
  const longer = { ...list, rows: [...list.rows, ...fresh], next: page.next };
  return page.found ? { ...longer, found: [...(list.found ?? []), ...page.found] } : longer;
}

/** Lays a freshly read first page over what is known, and keeps older pages where they still join. */
export function refreshFirstPage(list: ThreadList, page: ThreadPage): ThreadList {
  const fresh = listFromPage(page);
  const last = page.items.at(-1);
  const joint = last ? list.rows.findIndex((row) => row.id === last.id) : -1;
  if (page.next === null || joint < 0) return fresh;
  const ids = new Set(page.items.map((row) => row.id));
  const rest = list.rows.slice(joint + 1).filter((row) => !ids.has(row.id));
  if (rest.length === 0) return fresh;
  const longer = { ...fresh, rows: [...fresh.rows, ...rest], next: list.next };
  return list.found ? { ...longer, found: rejoined(fresh.found ?? [], list.found) } : longer;
}

function rejoined(fresh: FoundMessage[], before: readonly FoundMessage[]): FoundMessage[] {
  const ids = new Set(fresh.map((one) => one.id));
  const last = fresh.at(-1)?.at ?? "";
  return [...fresh, ...before.filter((one) => !ids.has(one.id) && one.at <= last)];
}

export const keyOf = (row: ThreadRow): string => row.placed_at ?? row.last_at;

/** Newest first; ids are sortable by time and settle a tie. */
function comesBefore(a: ThreadRow, b: ThreadRow): boolean {
  if (keyOf(a) !== keyOf(b)) return keyOf(a) > keyOf(b);
  return compareIds(a.id, b.id) > 0;
}

export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where a row belongs, by halving: lists hold 100,000 rows. */
function placeOf(rows: readonly ThreadRow[], row: ThreadRow): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = rows[middle];
    if (other && comesBefore(other, row)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `newestAt` is when the newest e-mail of the thread that counts for this list came, where that is known. */
export type ThreadChange = { row: ThreadRow; verdict: Verdict; newestAt?: string | undefined };

/**
 * Takes in changed and destroyed threads. A row stays in its place unless a newer e-mail lifts it.
 * A new row older than all that was read stays out while there is more to read: its page will bring it.
 */
export function applyToList(list: ThreadList, changed: ThreadChange[], destroyed: string[] = []): ThreadList {
  const touched = new Map(changed.map((change) => [change.row.id, change]));
  const gone = new Set(destroyed);
  const settled = new Set<string>(gone);
  const rows: ThreadRow[] = [];
  const entering: ThreadRow[] = [];
  let isSame = true;
  for (const row of list.rows) {
    const change = touched.get(row.id);
    if (!change && !gone.has(row.id)) {
      rows.push(row);
      continue;
    }
    isSame = false;
    settled.add(row.id);
    if (!change || change.verdict === "out" || gone.has(row.id)) continue;
    const isLifted = change.newestAt !== undefined && change.newestAt > keyOf(row);
    // The log does not say again where the words of a search stand.
    const next = row.snippet ? { ...change.row, snippet: row.snippet } : change.row;
    if (isLifted) entering.push({ ...next, placed_at: change.newestAt as string });
    else rows.push({ ...next, placed_at: keyOf(row) });
  }
  for (const { row, verdict, newestAt } of touched.values()) {
    if (settled.has(row.id) || verdict !== "in") continue;
    entering.push({ ...row, placed_at: newestAt ?? keyOf(row) });
  }
  for (const row of entering) {
    const place = placeOf(rows, row);
    if (place === rows.length && list.next !== null && rows.length > 0) continue;
    rows.splice(place, 0, row);
    isSame = false;
  }
  return isSame ? list : { ...list, rows };
}
