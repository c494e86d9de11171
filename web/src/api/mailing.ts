/** Lists that an account keeps: who is on them, and what was sent to them. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "./call";
import { request } from "./client";
import type * as Wire from "./generated/schema";

export type MailingList = Wire.ListShape;
export type Member = Wire.ListMemberShape;
export type Sending = Wire.SendingShape;

export const LISTS_KEY = ["lists"] as const;
const PAGE = 50;
const FRESH_MS = 10_000;

export const listsQuery = queryOptions({
  queryKey: LISTS_KEY,
  queryFn: async ({ signal }) => (await call("GET /api/v1/lists/", { signal })).items,
});

export const listQuery = (id: string) =>
  queryOptions({
    queryKey: [...LISTS_KEY, id],
    queryFn: ({ signal }) => call("GET /api/v1/lists/{list_id}/", { path: { list_id: id }, signal }),
  });

export const membersQuery = (id: string, q: string) =>
  infiniteQueryOptions({
    queryKey: [...LISTS_KEY, id, "members", q],
    queryFn: ({ pageParam, signal }) =>
      call("GET /api/v1/lists/{list_id}/members/", {
        path: { list_id: id },
        query: { limit: PAGE, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** Looked at again while some of it is on its way. */
export const sendingsQuery = (id: string) =>
  queryOptions({
    queryKey: [...LISTS_KEY, id, "sendings"],
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/lists/{list_id}/sendings/", { path: { list_id: id }, signal })).items,
    refetchInterval: ({ state: { data } }) => (data?.some((one) => one.waiting > 0) ? FRESH_MS : false),
  });

const path = (id: string) => ({ path: { list_id: id } });

export const mailing = {
  add: (body: Wire.NewListRequest) => call("POST /api/v1/lists/", { body }),
  rename: (id: string, title: string) => call("PATCH /api/v1/lists/{list_id}/", { ...path(id), body: { title } }),
  remove: (id: string) => call("DELETE /api/v1/lists/{list_id}/", path(id)),
  addMembers: (id: string, body: Wire.NewMembersRequest) =>
    call("POST /api/v1/lists/{list_id}/members/", { ...path(id), body }),
  removeMember: (id: string, memberId: string) =>
    call("DELETE /api/v1/lists/{list_id}/members/{list_member_id}/", {
      path: { list_id: id, list_member_id: memberId },
    }),
  /** For who left it and has asked to get it again. */
  takeBack: (suppressionId: string) =>
    call("DELETE /api/v1/lists/suppressions/{suppression_id}/", { path: { suppression_id: suppressionId } }),
  /** The same key again sends nothing more. */
  send: (id: string, body: Wire.ListWordsRequest, key: string) =>
    request<Wire.Sent>("POST", `/lists/${id}/send/`, { body, headers: { "Idempotency-Key": key } }),
  cancel: (submissionId: string) =>
    call("POST /api/v1/submissions/{submission_id}/cancel/", { path: { submission_id: submissionId } }),
};
