/** What is asked of the server, under which key it is kept, and for how long it is believed. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./call";
import { api } from "./client";
import type { FoundMessage, MailboxPage, SearchKind, Thread, ThreadPage, ThreadRow } from "./types";

/** Which threads a list shows. Exactly one of mailbox, flagged, q leads. A search finds mail and messages, or `in` one. */
export type Scope = { mailbox?: string; flagged?: true; q?: string; unread?: true; in?: SearchKind };

export const FIRST_PAGE = 60;
export const NEXT_PAGE = 200;
/** Changes arrive by the socket, so what is kept does not age by itself. */
const UNTIL_TOLD = Number.POSITIVE_INFINITY;

export const keys = {
  mailboxes: (accountId: string) => ["mailboxes", accountId] as const,
  allThreadLists: ["threads"] as const,
  threads: (accountId: string, scope: Scope) => ["threads", accountId, scope] as const,
  allThreads: ["thread"] as const,
  thread: (id: string) => ["thread", id] as const,
};

export function mailboxesQuery(accountId: string) {
  return queryOptions({
    queryKey: keys.mailboxes(accountId),
    queryFn: ({ signal }) => api.get<MailboxPage>("/mailboxes/", { query: { account: accountId }, signal }),
    staleTime: UNTIL_TOLD,
  });
}

/** With bodies, oldest e-mail first. Signed addresses inside age, so an old copy is asked for again. */
export function threadQuery(id: string) {
  return queryOptions({
    queryKey: keys.thread(id),
    queryFn: ({ signal }) => api.get<Thread>(`/threads/${id}/`, { signal }),
    staleTime: 10 * 60_000,
    refetchInterval: 40 * 60_000,
  });
}

export type PageRequest = { cursor?: string | null; limit: number; signal?: AbortSignal };

export function fetchThreads(
  accountId: string,
  scope: Scope,
  { cursor, limit, signal }: PageRequest,
): Promise<ThreadPage> {
  if (scope.q !== undefined) return fetchFound(accountId, { ...scope, q: scope.q }, { cursor, limit, signal });
  return api.get<ThreadPage>("/threads/", {
    query: { account: accountId, ...scope, cursor: cursor ?? null, limit },
    ...(signal ? { signal } : {}),
  });
}

async function fetchFound(
  accountId: string,
  scope: Scope & { q: string },
  { cursor, limit, signal }: Partial<{ [name in keyof PageRequest]: PageRequest[name] | undefined }>,
): Promise<ThreadPage> {
  const query = {
    q: scope.q,
    in: scope.in ?? ("everything" as const),
    account: accountId,
    ...(scope.unread ? { unread: true } : {}),
    ...(cursor ? { cursor } : {}),
    limit,
  };
  const page = await call("GET /api/v1/search/", { query, ...(signal ? { signal } : {}) });
  const items: ThreadRow[] = [];
  const found: FoundMessage[] = [];
  for (const { at, thread, message, conversation } of page.items) {
    if (thread) items.push(thread);
    else if (message && conversation) found.push({ id: message.id, at, message, conversation });
  }
  return { items, found, next: page.next, state: "", search: page.search };
}
