/** Reading thread lists page by page into the cache, with what the person is doing laid over. */
import type { QueryClient } from "@tanstack/react-query";
import { queryOptions } from "@tanstack/react-query";
import type { Scope } from "../api/queries";
import { FIRST_PAGE, fetchThreads, keys, NEXT_PAGE, threadQuery } from "../api/queries";
import type { ThreadPage } from "../api/types";
import type { ThreadList } from "../lib/thread-list";
import { appendPage, listFromPage, refreshFirstPage } from "../lib/thread-list";
import { openActs } from "./act-queue";
import { overlay } from "./acts";
import { verdictOf } from "./apply";

const AN_HOUR = 3_600_000;

export function threadsQuery(accountId: string, scope: Scope) {
  const queryKey = keys.threads(accountId, scope);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<ThreadList> => {
      const page = seen(scope, await fetchThreads(accountId, scope, { limit: FIRST_PAGE, signal }));
      const known = client.getQueryData<ThreadList>(queryKey);
      return known ? refreshFirstPage(known, page) : listFromPage(page);
    },
    // A stream keeps lists current; only the server knows what new mail a search finds.
    staleTime: scope.q === undefined ? Number.POSITIVE_INFINITY : 10_000,
    gcTime: AN_HOUR,
  });
}

const reading = new Map<string, Promise<void>>();

/** Reads the page behind the last row, once at a time per list. */
export function readFurther(client: QueryClient, accountId: string, scope: Scope): Promise<void> {
  const queryKey = keys.threads(accountId, scope);
  const name = JSON.stringify(queryKey);
  const running = reading.get(name);
  if (running) return running;
  const cursor = client.getQueryData<ThreadList>(queryKey)?.next;
  if (!cursor) return Promise.resolve();
  const work = fetchThreads(accountId, scope, { cursor, limit: NEXT_PAGE })
    .then((page) => {
      client.setQueryData<ThreadList>(queryKey, (list) =>
        list && list.next === cursor ? appendPage(list, seen(scope, page)) : list,
      );
    })
    .finally(() => reading.delete(name));
  reading.set(name, work);
  return work;
}

function seen(scope: Scope, page: ThreadPage): ThreadPage {
  const acts = openActs();
  if (acts.length === 0) return page;
  const rows = page.items.map((row) => overlay(row, acts));
  return { ...page, items: rows.filter((row) => verdictOf(scope, row) !== "out") };
}

/** So that the thread is there when it is opened. */
export function prefetchThread(client: QueryClient, id: string | undefined): void {
  if (id) void client.prefetchQuery(threadQuery(id));
}
