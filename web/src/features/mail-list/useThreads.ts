/** One thread list of the cache, and how to read on. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { messageOf } from "../../api/error";
import type { Scope } from "../../api/queries";
import type { SearchAnswer, ThreadRow } from "../../api/types";
import type { Entry } from "../../lib/entries";
import { entriesOf } from "../../lib/entries";
import { readFurther, threadsQuery } from "../../sync/lists";

const NONE: ThreadRow[] = [];

export type Threads = {
  rows: ThreadRow[];
  /** What is shown: the threads, and in a search messages between them. */
  entries: readonly Entry[];
  search: SearchAnswer | null;
  hasMore: boolean;
  isLoading: boolean;
  /** Shown rows stay while a search of other words is under way. */
  error: unknown;
  pageProblem: string | null;
  readOn: () => void;
  retry: () => void;
};

export function useThreads(accountId: string, scope: Scope): Threads {
  const client = useQueryClient();
  const query = useQuery(threadsQuery(accountId, scope));
  const [pageProblem, setPageProblem] = useState<string | null>(null);
  const readOn = useCallback(() => {
    readFurther(client, accountId, scope).then(
      () => setPageProblem(null),
      (error: unknown) => setPageProblem(messageOf(error)),
    );
  }, [client, accountId, scope]);
  const rows = query.data?.rows ?? NONE;
  const found = query.data?.found;
  const entries = useMemo(() => entriesOf(rows, found), [rows, found]);
  return {
    rows,
    entries,
    search: query.data?.search ?? null,
    hasMore: Boolean(query.data?.next),
    isLoading: query.isPending,
    error: query.data ? null : query.error,
    pageProblem,
    readOn,
    retry: () => void query.refetch(),
  };
}
