/** Leaving the list that an e-mail came by. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type * as Wire from "./generated/schema";

export type WayOut = Wire.WayOut;

export const wayOutQuery = (emailId: string) =>
  queryOptions({
    queryKey: ["way-out", emailId],
    queryFn: ({ signal }) => api.get<WayOut>(`/emails/${emailId}/unsubscribe/`, { signal }),
    staleTime: 10 * 60_000,
  });

export const leaveList = (emailId: string) => api.post<WayOut>(`/emails/${emailId}/unsubscribe/`);
