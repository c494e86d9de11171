/** What colleagues say on a mail thread among themselves, whose it is and how far. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./call";
import { request } from "./client";
import type * as Wire from "./generated/schema";

export type ThreadNotes = Wire.ThreadNotes;
export type Assignment = Wire.ThreadAssignment;
export type AssignmentStatus = Assignment["status"];
export type AssignmentChange = Wire.PatchedAssignmentChangeRequest;
export type AssignedThread = Wire.AssignedThread;
export type Desk = Wire.Desk;
export type DeskChange = Wire.PatchedDeskChangeRequest;
export type WorkView = NonNullable<NonNullable<Wire.Operations["GET /api/v1/assignments/"]["query"]>["view"]>;

const MOST = 100;

export const noteKeys = {
  all: ["thread-notes"] as const,
  notes: (threadId: string) => ["thread-notes", threadId] as const,
  assignment: (threadId: string) => ["thread-assignment", threadId] as const,
  assignments: ["thread-assignment"] as const,
  lists: ["assignments"] as const,
  list: (view: WorkView, accountId: string | null) => ["assignments", view, accountId ?? ""] as const,
  desk: (accountId: string) => ["desk", accountId] as const,
};

const path = (thread_id: string) => ({ path: { thread_id } });

/** Where they are written and who reads them; what they say is in the timelines of their conversations. */
export const notesQuery = (threadId: string) =>
  queryOptions({
    queryKey: noteKeys.notes(threadId),
    queryFn: ({ signal }) =>
      call("GET /api/v1/threads/{thread_id}/notes/", { ...path(threadId), query: { limit: 1 }, signal }),
    staleTime: 60_000,
  });

export const assignmentQuery = (threadId: string) =>
  queryOptions({
    queryKey: noteKeys.assignment(threadId),
    queryFn: ({ signal }) => call("GET /api/v1/threads/{thread_id}/assignment/", { ...path(threadId), signal }),
  });

export const assignedQuery = (view: WorkView, accountId: string | null) =>
  queryOptions({
    queryKey: noteKeys.list(view, accountId),
    queryFn: async ({ signal }) => {
      const items: AssignedThread[] = [];
      let cursor: string | null = null;
      do {
        const query = {
          view,
          limit: MOST,
          ...(accountId ? { account: accountId } : {}),
          ...(cursor ? { cursor } : {}),
        };
        const page: Wire.AssignedThreads = await call("GET /api/v1/assignments/", { query, signal });
        items.push(...page.items);
        cursor = page.next;
      } while (cursor && items.length < MOST);
      return { items, hasMore: cursor !== null };
    },
    // The stream tells of changes; this is for a mailbox that one shares since the page was opened.
    refetchInterval: 300_000,
  });

/** How the threads of a mailbox are worked on. */
export const deskQuery = (accountId: string) =>
  queryOptions({
    queryKey: noteKeys.desk(accountId),
    queryFn: ({ signal }) =>
      call("GET /api/v1/accounts/{account_id}/desk/", { path: { account_id: accountId }, signal }),
  });

/** Only if nobody else was quicker: 412 otherwise. */
export const changeDesk = ({ account_id, version }: Desk, change: DeskChange): Promise<Desk> =>
  request("PATCH", `/accounts/${account_id}/desk/`, { body: change, headers: { "If-Match": `"${version}"` } });

/** Which mail thread notes are on. */
export const placeOfNotesQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ["notes-place", conversationId] as const,
    queryFn: ({ signal }) =>
      call("GET /api/v1/conversations/{conversation_id}/mail-thread/", {
        path: { conversation_id: conversationId },
        signal,
      }),
  });

export const openNotes = (threadId: string): Promise<ThreadNotes> =>
  call("PUT /api/v1/threads/{thread_id}/notes/", path(threadId));

/** Only if nobody else was quicker: 412 otherwise. */
export const assign = (threadId: string, change: AssignmentChange, version: number): Promise<Assignment> =>
  request("PATCH", `/threads/${threadId}/assignment/`, { body: change, headers: { "If-Match": `"${version}"` } });
