/** Lists by whose threads are: read again when what is told of an account may have changed them. */
import type { QueryClient } from "@tanstack/react-query";
import type { WorkView } from "../api/notes";
import { noteKeys } from "../api/notes";
import type { Changes } from "../api/types";

const SOON_MS = 250;

let waiting: ReturnType<typeof setTimeout> | undefined;
let stale = new Set<string>();

type Shown = { thread: { id: string } };
type List = { view: WorkView; accountId: string; items: readonly Shown[] };

/** `ownId` is the account of a list that names none; one's own threads come from all of them. */
export function isListStale({ view, accountId, items }: List, changes: Changes, ownId: string): boolean {
  const isOfAll = view === "mine" && accountId === "";
  if (!isOfAll && (accountId || ownId) !== changes.account_id) return false;
  if (changes.assignments.changed.length > 0) return true;
  const touched = new Set([...changes.threads.changed.map((one) => one.id), ...changes.threads.destroyed]);
  if (items.some(({ thread }) => touched.has(thread.id))) return true;
  // What was done may be open again by mail that nobody has read, and of the inbox any thread may be new.
  if (view === "mine" || view === "done") return changes.emails.changed.some((email) => !email.is_seen);
  return touched.size > 0;
}

/** What is told at once is asked for once. */
export function writeDesks(client: QueryClient, changes: Changes, ownId: string): void {
  for (const [key, data] of client.getQueriesData<{ items: Shown[] }>({ queryKey: noteKeys.lists })) {
    const [, view, accountId] = key as ReturnType<typeof noteKeys.list>;
    if (isListStale({ view, accountId, items: data?.items ?? [] }, changes, ownId)) stale.add(JSON.stringify(key));
  }
  for (const { thread_id } of changes.assignments.changed)
    void client.invalidateQueries({ queryKey: noteKeys.assignment(thread_id) });
  // Also a thread that is open and was done: the mail opens it again.
  for (const { id } of changes.threads.changed)
    void client.invalidateQueries({ queryKey: noteKeys.assignment(id), type: "active" });
  if (stale.size > 0 && waiting === undefined) waiting = setTimeout(() => readAgain(client), SOON_MS);
}

function readAgain(client: QueryClient): void {
  waiting = undefined;
  const keys = stale;
  stale = new Set();
  for (const key of keys) void client.invalidateQueries({ queryKey: JSON.parse(key) as string[] });
}
