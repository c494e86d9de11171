/** What is asked of the server, under which key it is kept, and for how long it is believed. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { MailboxPage, Thread, ThreadPage } from "./types";

/** Which threads a list shows. Exactly one of mailbox, flagged, q leads; q may be narrowed by mailbox. */
export type Scope = { mailbox?: string; flagged?: true; q?: string; unread?: true };

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
  return api.get<ThreadPage>("/threads/", {
    query: { account: accountId, ...scope, cursor: cursor ?? null, limit },
    ...(signal ? { signal } : {}),
  });
}
