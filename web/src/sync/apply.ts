/** The reducer: what the server says changed, laid over what is kept. Pure; the cache is elsewhere. */
import type { Scope } from "../api/queries";
import type { Changes, EmailRow, Mailbox, MailboxPage, Thread, ThreadRow } from "../api/types";
import type { ThreadList, Verdict } from "../lib/thread-list";
import { applyToList } from "../lib/thread-list";
import type { Act } from "./acts";
import { overlay } from "./acts";

/**
 * Whether a thread belongs to a list. What was found by words, or was unread when the list was
 * drawn, keeps its place: the server alone knows words, and a row must not vanish while it is read.
 */
export function verdictOf(scope: Scope, row: ThreadRow): Verdict {
  if (scope.mailbox && !row.mailbox_ids.includes(scope.mailbox)) return "out";
  if (row.mailbox_ids.length === 0) return "out";
  if (scope.q !== undefined) return "keep";
  if (scope.flagged && !row.is_flagged) return "keep";
  if (scope.unread && row.unread_count === 0) return "keep";
  return "in";
}

/** `emails` are what changed in these threads, as far as it is known: they say what is new in a list. */
export type ThreadNews = { changed: ThreadRow[]; destroyed: string[]; emails?: EmailRow[] };

export function applyThreads(list: ThreadList, scope: Scope, news: ThreadNews, acts: readonly Act[]): ThreadList {
  const changes = news.changed.map((row) => {
    const seen = overlay(row, acts);
    return { row: seen, verdict: verdictOf(scope, seen), newestAt: newestIn(scope, row.id, news.emails ?? []) };
  });
  return applyToList(list, changes, news.destroyed);
}

function newestIn(scope: Scope, threadId: string, emails: EmailRow[]): string | undefined {
  const counts = (email: EmailRow) =>
    email.thread_id === threadId &&
    (scope.mailbox === undefined || email.mailbox_ids.includes(scope.mailbox)) &&
    (!scope.flagged || email.is_flagged);
  return emails
    .filter(counts)
    .map((email) => email.received_at)
    .toSorted()
    .at(-1);
}

export function applyMailboxes(page: MailboxPage, news: Changes["mailboxes"], state: string): MailboxPage {
  if (news.changed.length === 0 && news.destroyed.length === 0) return page;
  const changed = new Map(news.changed.map((mailbox) => [mailbox.id, mailbox]));
  const gone = new Set(news.destroyed);
  const kept = page.items.filter((mailbox) => !gone.has(mailbox.id));
  const known = new Set(kept.map((mailbox) => mailbox.id));
  const items: Mailbox[] = kept.map((mailbox) => changed.get(mailbox.id) ?? mailbox);
  return { items: [...items, ...news.changed.filter((one) => !known.has(one.id) && !gone.has(one.id))], state };
}

export type ThreadOutcome = { thread: Thread; isStale: boolean };

/** Flags and places change in what is open; an e-mail whose body is not here makes it stale. */
export function applyEmails(thread: Thread, news: Changes): ThreadOutcome {
  const gone = new Set(news.emails.destroyed);
  const changed = new Map(news.emails.changed.map((email) => [email.id, email]));
  const own = news.emails.changed.filter((email) => email.thread_id === thread.id);
  const known = new Set(thread.emails.map((email) => email.id));
  const row = news.threads.changed.find((one) => one.id === thread.id);
  const isStale =
    own.some((email) => !known.has(email.id)) ||
    (row?.email_ids.some((id) => !known.has(id)) ?? false) ||
    news.submissions.changed.some((submission) => submission.email_id !== null && known.has(submission.email_id));
  const isTouched = thread.emails.some((email) => gone.has(email.id) || changed.has(email.id));
  if (!isTouched) return { thread, isStale };
  const emails = thread.emails
    .filter((email) => !gone.has(email.id))
    .map((email) => ({ ...email, ...rowFacts(changed.get(email.id)) }));
  return { thread: { ...thread, emails }, isStale };
}

/** Not whom it went to: that never changes, and a row has the first of many only. */
function rowFacts(row: EmailRow | undefined): Partial<EmailRow> {
  if (!row) return {};
  const { from: _from, to: _to, cc: _cc, ...facts } = row;
  return facts;
}

/** Counters as they will be, so that the rail moves with the list. The server's word follows. */
export function shiftCounters(page: MailboxPage, before: ThreadRow[], after: ThreadRow[]): MailboxPage {
  const shift = new Map<string, number>();
  const add = (row: ThreadRow, sign: number) => {
    for (const id of row.mailbox_ids) shift.set(id, (shift.get(id) ?? 0) + sign * row.unread_count);
  };
  for (const row of before) add(row, -1);
  for (const row of after) add(row, 1);
  const items = page.items.map((mailbox) => {
    const by = shift.get(mailbox.id) ?? 0;
    return by === 0 ? mailbox : { ...mailbox, unread_emails: Math.max(0, mailbox.unread_emails + by) };
  });
  return { ...page, items };
}
