/** The reducer's hands: finds every kept answer that a change touches, and writes it. */
import type { QueryClient } from "@tanstack/react-query";
import { notifyManager } from "@tanstack/react-query";
import type { Scope } from "../api/queries";
import { keys } from "../api/queries";
import type { Changes, MailboxPage, Thread, ThreadRow } from "../api/types";
import type { ThreadList } from "../lib/thread-list";
import type { Act, ThreadPatch } from "./acts";
import { overlay, patchThread } from "./acts";
import type { ThreadNews } from "./apply";
import { applyEmails, applyMailboxes, applyThreads, shiftCounters } from "./apply";

export function threadLists(client: QueryClient): { key: readonly unknown[]; scope: Scope; list: ThreadList }[] {
  return client
    .getQueriesData<ThreadList>({ queryKey: keys.allThreadLists })
    .flatMap(([key, list]) => (list ? [{ key, scope: key[2] as Scope, list }] : []));
}

/** Rows known from any list, or made from an open thread, in the order asked for. */
export function rowsById(client: QueryClient, ids: readonly string[]): ThreadRow[] {
  const wanted = new Set(ids);
  const found = new Map<string, ThreadRow>();
  for (const { list } of threadLists(client)) {
    if (found.size === wanted.size) break;
    for (const row of list.rows) if (wanted.has(row.id)) found.set(row.id, row);
  }
  return ids.flatMap((id) => {
    const row = found.get(id) ?? rowOfThread(client.getQueryData<Thread>(keys.thread(id)));
    return row ? [row] : [];
  });
}

/** What a list would say of a thread that was opened by its address. */
export function rowOfThread(thread: Thread | undefined): ThreadRow | null {
  const newest = thread?.emails.at(-1);
  if (!thread || !newest) return null;
  const emails = thread.emails;
  return {
    id: thread.id,
    account_id: thread.account_id,
    subject: thread.subject,
    preview: newest.preview,
    last_at: newest.received_at,
    email_count: emails.length,
    unread_count: emails.filter((email) => !email.is_seen).length,
    is_flagged: emails.some((email) => email.is_flagged),
    is_answered: emails.some((email) => email.is_answered),
    has_attachment: emails.some((email) => email.has_attachment),
    has_draft: emails.some((email) => email.is_draft),
    senders: emails.flatMap((email) => email.from),
    recipients: newest.to,
    mailbox_ids: [...new Set(emails.flatMap((email) => email.mailbox_ids))],
    email_ids: emails.map((email) => email.id),
  };
}

export function writeThreads(client: QueryClient, news: ThreadNews, acts: readonly Act[]): void {
  notifyManager.batch(() => {
    for (const { key, scope, list } of threadLists(client)) {
      const next = applyThreads(list, scope, news, acts);
      if (next !== list) client.setQueryData(key, next);
    }
  });
}

/** Takes in a delta of the server, with what this person is doing laid over it. */
export function writeChanges(client: QueryClient, changes: Changes, acts: readonly Act[]): void {
  notifyManager.batch(() => {
    writeThreads(client, { ...changes.threads, emails: changes.emails.changed }, acts);
    const mailboxesKey = keys.mailboxes(changes.account_id);
    const page = client.getQueryData<MailboxPage>(mailboxesKey);
    if (page) client.setQueryData(mailboxesKey, applyMailboxes(page, changes.mailboxes, changes.state));
    writeOpenThreads(client, changes);
  });
}

/** All of an account that one shares that is kept: its lists and counters are not. */
export function writeOpenThreads(client: QueryClient, changes: Changes): void {
  for (const [key, thread] of client.getQueriesData<Thread>({ queryKey: keys.allThreads })) {
    if (!thread) continue;
    const outcome = applyEmails(thread, changes);
    if (outcome.thread !== thread) client.setQueryData(key, outcome.thread);
    if (outcome.isStale) void client.invalidateQueries({ queryKey: key });
  }
  for (const id of changes.threads.destroyed) client.removeQueries({ queryKey: keys.thread(id), type: "inactive" });
}

/** Shows an act at once: lists, the open thread and the counters. */
export function showAct(client: QueryClient, act: Act, acts: readonly Act[]): void {
  notifyManager.batch(() => {
    writeThreads(client, { changed: act.before, destroyed: [] }, acts);
    patchOpenThreads(client, act.threadIds, act.patch);
    shiftMailboxes(
      client,
      act.before,
      act.before.map((row) => overlay(row, [act])),
    );
  });
}

/** Puts back what a refused act had shown; the open thread is asked for again. */
export function hideAct(client: QueryClient, act: Act, acts: readonly Act[]): void {
  notifyManager.batch(() => {
    writeThreads(client, { changed: act.before, destroyed: [] }, acts);
    shiftMailboxes(
      client,
      act.before.map((row) => overlay(row, [act])),
      act.before,
    );
    for (const id of act.threadIds) void client.invalidateQueries({ queryKey: keys.thread(id) });
  });
}

function patchOpenThreads(client: QueryClient, ids: string[], patch: ThreadPatch): void {
  for (const id of ids) {
    client.setQueryData<Thread>(keys.thread(id), (thread) => (thread ? patchThread(thread, patch) : thread), {
      updatedAt: client.getQueryState(keys.thread(id))?.dataUpdatedAt ?? 0,
    });
  }
}

function shiftMailboxes(client: QueryClient, before: ThreadRow[], after: ThreadRow[]): void {
  const accountId = before[0]?.account_id;
  if (!accountId) return;
  client.setQueryData<MailboxPage>(keys.mailboxes(accountId), (page) => page && shiftCounters(page, before, after));
}
