/** What an account does by itself with mail that comes in: answer while somebody is away, send it on. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type * as Wire from "./generated/schema";

export type Vacation = Wire.VacationShape;
export type VacationChange = Wire.PatchedVacationChangeRequest;
export type Forward = Wire.ForwardShape;

/** It begins and ends by itself, and may be changed at another desk. */
const LOOK_AGAIN_MS = 5 * 60_000;

export const vacationQuery = queryOptions({
  queryKey: ["vacation"],
  queryFn: ({ signal }) => api.get<Vacation>("/vacation/", { signal }),
  staleTime: 60_000,
  refetchInterval: LOOK_AGAIN_MS,
});

export const FORWARDS_KEY = ["forwards"] as const;

export const forwardsQuery = queryOptions({
  queryKey: FORWARDS_KEY,
  queryFn: ({ signal }) => api.get<Wire.ForwardList>("/forwards/", { signal }),
});

export const automatic = {
  changeVacation: (changes: VacationChange) => api.patch<Vacation>("/vacation/", changes),
  propose: (body: Wire.NewForwardRequest) => api.post<Wire.Proposed>("/forwards/", body),
  sendCode: (id: string) => api.post<Wire.ForwardFlow>(`/forwards/${id}/code/`),
  confirm: (id: string, body: Wire.ForwardProofRequest) => api.post<Forward>(`/forwards/${id}/confirm/`, body),
  change: (id: string, body: Wire.PatchedForwardChangeRequest) => api.patch<Forward>(`/forwards/${id}/`, body),
  remove: (id: string) => api.delete(`/forwards/${id}/`),
};
