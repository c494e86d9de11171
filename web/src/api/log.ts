/** What happened on one's own account: the lines of the audit log that one did, or that were done to one. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, requestResponse } from "./client";
import type { AuditPage, Entry } from "./generated/schema";

export type LogEntry = Entry;
/** `act` ending in a dot means its family; `from` is a moment. */
export type LogFilter = { act?: string; outcome?: "ok" | "refused"; from?: string };

const PAGE = 20;

export function ownLogQuery(filter: LogFilter) {
  return infiniteQueryOptions({
    queryKey: ["own-log", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<AuditPage>("/audit/", { query: { mine: true, limit: PAGE, cursor: pageParam, ...filter }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export async function exportOwnLog(filter: LogFilter): Promise<Blob> {
  const query = { mine: true, format: "csv", ...filter };
  return (await requestResponse("GET", "/audit/export/", { query, headers: { Accept: "text/csv" } })).blob();
}
