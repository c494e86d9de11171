/** Plain objects for tests; say only what matters. */
import type { Changes, Email, EmailRow, Mailbox, ThreadRow } from "../api/types";

export function threadRow(facts: Partial<ThreadRow> = {}): ThreadRow {
  return {
    id: "1",
    account_id: "acc",
    subject: "Hello",
    preview: "How are you",
    last_at: "2026-11-21T07:00:00.000Z",
    email_count: 1,
    unread_count: 0,
    is_flagged: false,
    is_answered: false,
    has_attachment: false,
    has_draft: false,
    senders: [{ name: "Bob", email: "bob@example.com" }],
    recipients: [],
    mailbox_ids: ["inbox"],
    email_ids: ["e1"],
    ...facts,
  };
}

export function mailbox(facts: Partial<Mailbox> = {}): Mailbox {
  return {
    id: "inbox",
    account_id: "acc",
    parent_id: null,
    name: "Inbox",
    role: "inbox",
    total_emails: 10,
    unread_emails: 3,
    is_subscribed: true,
    sort_order: 0,
    retention_days: null,
    ...facts,
  };
}

export function emailRow(facts: Partial<EmailRow> = {}): EmailRow {
  return {
    id: "e1",
    account_id: "acc",
    thread_id: "1",
    mailbox_ids: ["inbox"],
    from: [{ name: "Bob", email: "bob@example.com" }],
    to: [],
    cc: [],
    subject: "Hello",
    preview: "How are you",
    received_at: "2026-11-21T07:00:00.000Z",
    sent_at: null,
    size_bytes: 1000,
    is_seen: true,
    is_flagged: false,
    is_answered: false,
    is_forwarded: false,
    is_draft: false,
    keywords: [],
    has_attachment: false,
    ...facts,
  };
}

export function email(facts: Partial<Email> = {}): Email {
  return {
    ...emailRow(),
    bcc: [],
    reply_to: [],
    message_id: "<1@example.com>",
    in_reply_to: [],
    references: [],
    list_unsubscribe: null,
    text: "How are you",
    has_html: false,
    html_url: "",
    has_remote_content: false,
    attachments: [],
    delivery: null,
    receipt_to: null,
    trust: null,
    authentication: null,
    draft: null,
    filed_by: null,
    spam: null,
    ...facts,
  };
}

const none = { changed: [], destroyed: [] };

/** What changed in an account: nothing, but for the facts. */
export function changes(facts: Partial<Changes> = {}): Changes {
  return {
    account_id: "acc",
    since: "1",
    state: "2",
    has_more: false,
    mailboxes: none,
    emails: none,
    threads: none,
    submissions: { changed: [] },
    assignments: { changed: [] },
    ...facts,
  };
}
