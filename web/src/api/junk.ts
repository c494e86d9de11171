/** The junk filter: what was chosen for oneself and for everybody, lists of senders, and what was learnt. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type * as Wire from "./generated/schema";

export type Junk = Wire.Junk;
export type JunkOfAll = Wire.JunkOfAll;
export type Sender = Wire.JunkSender;

/** Whose lists: one's own, or everybody's of the organisation. */
export type Whose = "own" | "all";

const BASE: { [whose in Whose]: string } = { own: "/junk/", all: "/junk/organisation/" };

export const JUNK_KEY = ["junk"] as const;
export const JUNK_OF_ALL_KEY = ["junk-of-all"] as const;
export const sendersKey = (whose: Whose) => ["junk-senders", whose] as const;

export const junkQuery = queryOptions({
  queryKey: JUNK_KEY,
  queryFn: ({ signal }) => api.get<Junk>(BASE.own, { signal }),
});

export const junkOfAllQuery = queryOptions({
  queryKey: JUNK_OF_ALL_KEY,
  queryFn: ({ signal }) => api.get<JunkOfAll>(BASE.all, { signal }),
});

export const sendersQuery = (whose: Whose) =>
  queryOptions({
    queryKey: sendersKey(whose),
    queryFn: ({ signal }) => api.get<Wire.JunkSenders>(`${BASE[whose]}senders/`, { signal }),
  });

export const junk = {
  change: (body: Wire.PatchedJunkChangeRequest) => api.patch<Junk>(BASE.own, body),
  changeOfAll: (body: Wire.PatchedJunkOfAllChangeRequest) => api.patch<JunkOfAll>(BASE.all, body),
  forget: () => api.post<Junk>(`${BASE.own}forget/`, {}),
  list: (whose: Whose, value: string, list: Sender["list"]) =>
    api.post<Sender>(`${BASE[whose]}senders/`, { value, list }),
  unlist: (id: string) => api.delete(`/junk/senders/${id}/`),
};
