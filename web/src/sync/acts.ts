/**
 * What a person does to threads, as plain data: shown at once as a patch over what the server last
 * said, sent as requests, taken back by its inverse. Plain, so that it can wait on disk while offline.
 */
import type { Email, Thread, ThreadRow } from "../api/types";

export type ThreadPatch =
  | { kind: "seen"; isSeen: boolean }
  | { kind: "flagged"; isFlagged: boolean }
  | { kind: "place"; add: string[]; remove: string[] | "all" }
  | { kind: "destroy" };

export type BulkBody = {
  ids?: string[];
  thread_ids?: string[];
  from_mailbox?: string;
  to_mailbox?: string;
  is_seen?: boolean;
  is_flagged?: boolean;
  add?: string[];
  remove?: string[];
};

export type ActRequest = { path: string; body: BulkBody };

/** Per e-mail, the mailboxes it lay in. */
export type Placements = { [emailId: string]: string[] };

export type Act = {
  id: string;
  threadIds: string[];
  patch: ThreadPatch;
  requests: ActRequest[];
  /** The rows as they were; what a failure puts back and an undo aims at. */
  before: ThreadRow[];
  /** Rows alone cannot say where each e-mail lay: the sender looks it up before it sends. */
  needsPlacements: boolean;
  placements: Placements;
};

export function patchRow(row: ThreadRow, patch: ThreadPatch): ThreadRow {
  switch (patch.kind) {
    case "seen":
      return { ...row, unread_count: patch.isSeen ? 0 : Math.max(1, row.unread_count) };
    case "flagged":
      return { ...row, is_flagged: patch.isFlagged };
    case "place":
      return { ...row, mailbox_ids: placed(row.mailbox_ids, patch) };
    case "destroy":
      return { ...row, mailbox_ids: [] };
  }
}

function placed(ids: string[], patch: { add: string[]; remove: string[] | "all" }): string[] {
  const kept = patch.remove === "all" ? [] : ids.filter((id) => !patch.remove.includes(id));
  return [...new Set([...kept, ...patch.add])];
}

/** The row as the person should see it: the server's word with all that is on its way laid over. */
export function overlay(row: ThreadRow, acts: readonly Act[]): ThreadRow {
  return acts.reduce((seen, act) => (act.threadIds.includes(row.id) ? patchRow(seen, act.patch) : seen), row);
}

export function patchThread(thread: Thread, patch: ThreadPatch): Thread {
  const newest = thread.emails.at(-1);
  return { ...thread, emails: thread.emails.map((email) => patchEmail(email, patch, email === newest)) };
}

function patchEmail(email: Email, patch: ThreadPatch, isNewest: boolean): Email {
  switch (patch.kind) {
    case "seen":
      return patch.isSeen ? { ...email, is_seen: true } : isNewest ? { ...email, is_seen: false } : email;
    case "flagged":
      return patch.isFlagged ? (isNewest ? { ...email, is_flagged: true } : email) : { ...email, is_flagged: false };
    case "place":
      return { ...email, mailbox_ids: placed(email.mailbox_ids, patch) };
    case "destroy":
      return email;
  }
}

export type ActInit = Pick<Act, "patch" | "requests" | "before"> & { needsPlacements?: boolean };

export function newAct(init: ActInit): Act {
  return {
    id: crypto.randomUUID(),
    threadIds: init.before.map((row) => row.id),
    needsPlacements: false,
    placements: {},
    ...init,
  };
}

const newestOf = (row: ThreadRow): string[] => row.email_ids.slice(-1);

export function markSeen(rows: ThreadRow[], isSeen: boolean): Act {
  const body: BulkBody = isSeen ? { thread_ids: rows.map((row) => row.id) } : { ids: rows.flatMap(newestOf) };
  return newAct({
    patch: { kind: "seen", isSeen },
    requests: [{ path: "/emails/update/", body: { ...body, is_seen: isSeen } }],
    before: rows,
  });
}

/** A star goes on the newest e-mail and comes off all of them. */
export function markFlagged(rows: ThreadRow[], isFlagged: boolean): Act {
  const body: BulkBody = isFlagged ? { ids: rows.flatMap(newestOf) } : { thread_ids: rows.map((row) => row.id) };
  return newAct({
    patch: { kind: "flagged", isFlagged },
    requests: [{ path: "/emails/update/", body: { ...body, is_flagged: isFlagged } }],
    before: rows,
  });
}

/** Out of one mailbox (of all when `from` is null) into another. */
export function moveThreads(rows: ThreadRow[], { from, to }: { from: string | null; to: string }): Act {
  const body: BulkBody = { thread_ids: rows.map((row) => row.id), to_mailbox: to };
  if (from) body.from_mailbox = from;
  return newAct({
    patch: { kind: "place", add: [to], remove: from ? [from] : "all" },
    requests: [{ path: "/emails/move/", body }],
    before: rows,
    needsPlacements: rows.some((row) => row.email_ids.length > 1 && row.mailbox_ids.length > 1),
  });
}

/** Into a mailbox of another account: here they are gone from one mailbox (from all when `from` is null). */
export function moveAway(rows: ThreadRow[], { from, to }: { from: string | null; to: string }): Act {
  const body: BulkBody = { thread_ids: rows.map((row) => row.id), to_mailbox: to };
  if (from) body.from_mailbox = from;
  return newAct({
    patch: { kind: "place", add: [], remove: from ? [from] : "all" },
    requests: [{ path: "/emails/move/", body }],
    before: rows,
  });
}

export function labelThreads(rows: ThreadRow[], { add, remove }: { add: string[]; remove: string[] }): Act {
  return newAct({
    patch: { kind: "place", add, remove },
    requests: [{ path: "/emails/label/", body: { thread_ids: rows.map((row) => row.id), add, remove } }],
    before: rows,
    needsPlacements: rows.some((row) => row.email_ids.length > 1 && row.mailbox_ids.length > 1),
  });
}

export function destroyThreads(rows: ThreadRow[], from: string | null): Act {
  const body: BulkBody = { thread_ids: rows.map((row) => row.id) };
  if (from) body.from_mailbox = from;
  return newAct({ patch: { kind: "destroy" }, requests: [{ path: "/emails/destroy/", body }], before: rows });
}
