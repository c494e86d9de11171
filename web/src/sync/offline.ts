/**
 * Keeps what was seen on this device, so that the next start draws at once and reading goes on
 * without a server. Bounded: the newest threads, and the top of each list.
 */
import type { QueryClient, QueryState } from "@tanstack/react-query";
import { onSession, resumeOffline } from "../api/session";
import type { Me } from "../api/types";
import { clearStored, readStored, writeStored } from "../lib/storage";
import type { ThreadList } from "../lib/thread-list";

const CACHE = "cache";
const USER = "user";
/** The service worker's cache of the same name. */
const MAIL_PAGES = "posthouse-mail-1";
/** Raised when the shape of what is kept changes: an old copy is then left alone. */
const VERSION = 1;
const MOST_THREADS = 80;
const MOST_LISTS = 12;
const MOST_ROWS = 200;
const SAVE_AFTER_MS = 1_500;
const MOST_TIMELINES = 20;
const KEPT = new Set(["mailboxes", "threads", "thread", "sync", "conversations", "chat-counters", "timeline"]);

type Kept = { key: readonly unknown[]; data: unknown; updatedAt: number };
type Snapshot = { version: number; userId: string; entries: Kept[] };

/** Shows the last known person's mail while the server is silent; whoever it answers for then counts. */
export async function restoreOffline(client: QueryClient): Promise<void> {
  const [user, snapshot] = await Promise.all([readStored<Me>(USER), readStored<Snapshot>(CACHE)]);
  if (!user || snapshot?.version !== VERSION || snapshot.userId !== user.id) return;
  for (const { key, data, updatedAt } of snapshot.entries) {
    client.setQueryData(key, data, { updatedAt });
    // What is kept of a list is only its top: read the first page again where there is a server.
    if (key[0] === "threads") void client.invalidateQueries({ queryKey: key, exact: true, refetchType: "none" });
  }
  if (!navigator.onLine) resumeOffline(user);
}

/** Who was signed in on this device, for a start while the server cannot be reached. */
export function lastKnownUser(): Promise<Me | null> {
  return readStored<Me>(USER);
}

/** All that this device keeps of somebody's mail. */
export async function forgetOffline(): Promise<void> {
  await clearStored();
  if ("caches" in window) await caches.delete(MAIL_PAGES);
}

export function startServiceWorker(): void {
  if (!("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => void navigator.serviceWorker.register("/sw.js").catch(() => undefined));
}

export function keepOffline(client: QueryClient): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let userId: string | null = null;
  const save = () => {
    timer = undefined;
    if (userId) void writeStored(CACHE, snapshotOf(client, userId));
  };
  client.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && KEPT.has(String(event.query.queryKey[0])))
      if (timer === undefined) timer = setTimeout(save, SAVE_AFTER_MS);
  });
  onSession((session) => {
    const next = session?.user ?? null;
    if (next && userId === null) dropOthers(client, next);
    userId = next?.id ?? null;
    if (next) void writeStored(USER, next);
  });
}

/** Another person signed in than the one whose mail was kept. */
function dropOthers(client: QueryClient, user: Me): void {
  const own = new Set(user.accounts.map((account) => account.id));
  const [foreign] = client.getQueriesData({ queryKey: ["mailboxes"] }).filter(([key]) => !own.has(String(key[1])));
  if (foreign) client.clear();
}

function snapshotOf(client: QueryClient, userId: string): Snapshot {
  const all = client
    .getQueryCache()
    .getAll()
    .filter((query) => KEPT.has(String(query.queryKey[0])) && query.state.data !== undefined)
    .toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  const first = (kind: string, most: number) => all.filter((query) => query.queryKey[0] === kind).slice(0, most);
  const chosen = [
    ...first("mailboxes", MOST_LISTS),
    ...first("sync", MOST_LISTS),
    ...first("threads", MOST_LISTS),
    ...first("thread", MOST_THREADS),
    ...first("conversations", 1),
    ...first("chat-counters", 1),
    ...first("timeline", MOST_TIMELINES),
  ];
  const entries = chosen.map((query) => ({
    key: query.queryKey,
    data: bounded(query.queryKey, query.state),
    updatedAt: query.state.dataUpdatedAt,
  }));
  return { version: VERSION, userId, entries };
}

function bounded(key: readonly unknown[], state: QueryState): unknown {
  if (key[0] !== "threads") return state.data;
  const list = state.data as ThreadList;
  return list.rows.length <= MOST_ROWS ? list : { ...list, rows: list.rows.slice(0, MOST_ROWS), next: null };
}
