/** Where the person is: which box, by its address, and what that asks of the server. */
import type { Scope } from "../api/queries";
import type { Mailbox, MailboxRole, SearchKind } from "../api/types";
import { t } from "./i18n";

export const ROLES: MailboxRole[] = ["inbox", "drafts", "sent", "archive", "junk", "trash"];
export const STARRED = "starred";
export const SEARCH = "search";

/** `in`: only mail, or only messages, of what a search finds. */
export type MailSearch = { q?: string; unread?: true; in?: SearchKind };

export function mailboxOf(box: string, mailboxes: readonly Mailbox[]): Mailbox | null {
  return mailboxes.find((mailbox) => mailbox.role === box || mailbox.id === box) ?? null;
}

/** The part of an address that names a mailbox: its role where it has one. */
export function boxOf(mailbox: Mailbox): string {
  return mailbox.role ?? mailbox.id;
}

/** Null while the mailboxes are not known, or when there is no such box. */
export function scopeOf(box: string, search: MailSearch, mailboxes: readonly Mailbox[]): Scope | null {
  const unread = search.unread ? ({ unread: true } as const) : {};
  if (box === STARRED) return { flagged: true, ...unread };
  if (box === SEARCH) {
    const kind = search.in ? { in: search.in } : {};
    return search.q?.trim() ? { q: search.q.trim(), ...unread, ...kind } : null;
  }
  const mailbox = mailboxOf(box, mailboxes);
  return mailbox ? { mailbox: mailbox.id, ...unread } : null;
}

const ROLE_NAMES: { [role in MailboxRole]: string } = {
  inbox: t("Inbox"),
  drafts: t("Drafts"),
  sent: t("Sent"),
  archive: t("Archive"),
  junk: t("Junk"),
  trash: t("Trash"),
};

export function mailboxName(mailbox: Mailbox): string {
  return mailbox.role ? ROLE_NAMES[mailbox.role] : mailbox.name;
}

export function boxTitle(box: string, mailboxes: readonly Mailbox[]): string {
  if (box === STARRED) return t("Starred");
  if (box === SEARCH) return t("Search");
  const mailbox = mailboxOf(box, mailboxes);
  return mailbox ? mailboxName(mailbox) : "";
}

export function mailboxOfRole(role: MailboxRole, mailboxes: readonly Mailbox[]): Mailbox | null {
  return mailboxes.find((mailbox) => mailbox.role === role) ?? null;
}
