/**
 * A list of threads as far as it was read: newest first, without repeats, with the cursor behind
 * its last row. Pure: each function gives the same object back when nothing changed.
 */
import type { ThreadPage, ThreadRow } from "../api/types";

export type ThreadList = { rows: ThreadRow[]; next: string | null; state: string };

/** Whether a thread is in the list, may stay while it is there already, or must leave. */
export type Verdict = "in" | "keep" | "out";

export function listFromPage(page: ThreadPage): ThreadList {
  return { rows: page.items, next: page.next, state: page.state };
}

/** Puts a further page behind. Rows that moved up meanwhile are not shown twice. */
export function appendPage(list: ThreadList, page: ThreadPage): ThreadList {
  const known = new Set(list.rows.map((row) => row.id));
  const fresh = page.items.filter((row) => !known.has(row.id));
  return { rows: [...list.rows, ...fresh], next: page.next, state: list.state };
}

/** Lays a freshly read first page over what is known, and keeps older pages where they still join. */
export function refreshFirstPage(list: ThreadList, page: ThreadPage): ThreadList {
  const last = page.items.at(-1);
  if (!last || page.next === null) return listFromPage(page);
  const older = list.rows.filter((row) => comesBefore(last, row) && row.id !== last.id);
  const fresh = new Set(page.items.map((row) => row.id));
  const rest = older.filter((row) => !fresh.has(row.id));
  const isJoined = list.rows.some((row) => row.id === last.id);
  if (!isJoined || rest.length === 0) return listFromPage(page);
  return { rows: [...page.items, ...rest], next: list.next, state: page.state };
}

/** Newest first; ids are sortable by time and settle a tie. */
export function comesBefore(a: ThreadRow, b: ThreadRow): boolean {
  if (a.last_at !== b.last_at) return a.last_at > b.last_at;
  return compareIds(a.id, b.id) > 0;
}

function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where a row belongs, by halving: lists hold 100,000 rows. */
export function placeOf(rows: readonly ThreadRow[], row: ThreadRow): number {
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

export type ThreadChange = { row: ThreadRow; verdict: Verdict };

/**
 * Takes in changed and destroyed threads. A new row older than all that was read stays out while
 * there is more to read: its page will bring it.
 */
export function applyToList(list: ThreadList, changed: ThreadChange[], destroyed: string[] = []): ThreadList {
  const touched = new Map(changed.map((change) => [change.row.id, change]));
  const gone = new Set(destroyed);
  const present = new Set<string>();
  let isSame = true;
  const rows: ThreadRow[] = [];
  for (const row of list.rows) {
    const change = touched.get(row.id);
    if (!change && !gone.has(row.id)) {
      rows.push(row);
      continue;
    }
    isSame = false;
    if (!change || change.verdict === "out" || gone.has(row.id)) continue;
    if (change.row.last_at !== row.last_at) continue;
    present.add(row.id);
    rows.push(change.row);
  }
  const wasThere = isSame ? null : new Set(list.rows.map((row) => row.id));
  for (const { row, verdict } of touched.values()) {
    if (present.has(row.id) || gone.has(row.id) || verdict === "out") continue;
    if (verdict === "keep" && !wasThere?.has(row.id)) continue;
    const place = placeOf(rows, row);
    if (place === rows.length && list.next !== null && rows.length > 0) continue;
    rows.splice(place, 0, row);
    isSame = false;
  }
  return isSame ? list : { ...list, rows };
}
