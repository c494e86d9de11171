/** Where one reads on when threads leave the list. */
import type { ThreadRow } from "../api/types";
import { preferencesOf } from "../features/settings/preferences";
import type { Here } from "./here";
import { clearSelection, focusRow } from "./view";

/** Where reading goes on when these rows leave: the next older one, else the next newer. */
export function rowAfter(rows: readonly ThreadRow[], leaving: ReadonlySet<string>, from: string): ThreadRow | null {
  const start = rows.findIndex((row) => row.id === from);
  if (start < 0) return null;
  const stays = (row: ThreadRow) => !leaving.has(row.id);
  return rows.slice(start).find(stays) ?? rows.slice(0, start).findLast(stays) ?? null;
}

export function rowBefore(rows: readonly ThreadRow[], leaving: ReadonlySet<string>, from: string): ThreadRow | null {
  const start = rows.findIndex((row) => row.id === from);
  return start < 0 ? null : (rows.slice(0, start).findLast((row) => !leaving.has(row.id)) ?? null);
}

/** Moves the cursor, and what is open, off rows that are about to leave this list. */
export function goOn(here: Here, leaving: ThreadRow[], direction: "next" | "previous" = "next"): void {
  const gone = new Set(leaving.map((row) => row.id));
  const { threadId, box, search } = here.place;
  const find = direction === "next" ? rowAfter : rowBefore;
  if (threadId && box && gone.has(threadId)) {
    const isNext = preferencesOf(here.me).after_archive === "next";
    const next = isNext ? find(here.rows, gone, threadId) : null;
    here.navigate({ box, threadId: next?.id ?? null, search, isReplacing: true });
    if (next) focusRow(next.id);
  }
  if (here.focusedId && gone.has(here.focusedId)) focusRow(find(here.rows, gone, here.focusedId)?.id ?? null);
  clearSelection();
}
