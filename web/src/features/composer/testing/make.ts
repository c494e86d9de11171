/** Plain functions that make what composer tests need. */
import type { Addr, Email } from "../../../api/types";
import type { ComposerAttachment } from "../session";

export function addrs(...emails: string[]): Addr[] {
  return emails.map((email) => ({ name: "", email }));
}

export function makeEmail(changes: Partial<Email> = {}): Email {
  return {
    id: "100",
    account_id: "1",
    thread_id: "50",
    mailbox_ids: ["10"],
    from: addrs("bob@example.net"),
    to: addrs("alice@example.org"),
    cc: [],
    bcc: [],
    reply_to: [],
    subject: "Lunch",
    preview: "",
    received_at: "2026-03-03T10:42:00.000Z",
    sent_at: "2026-03-03T10:42:00.000Z",
    size_bytes: 1000,
    is_seen: true,
    is_flagged: false,
    is_answered: false,
    is_forwarded: false,
    is_draft: false,
    keywords: [],
    has_attachment: false,
    message_id: "<1@example.net>",
    in_reply_to: [],
    references: [],
    list_unsubscribe: null,
    text: "Shall we?\nBob",
    has_html: false,
    html_url: "/api/v1/emails/100/html/?sig=x",
    has_remote_content: false,
    attachments: [],
    delivery: null,
    receipt_to: null,
    trust: null,
    authentication: null,
    draft: null,
    filed_by: null,
    spam: null,
    ...changes,
  };
}

export function makeAttachment(changes: Partial<ComposerAttachment> = {}): ComposerAttachment {
  return {
    key: "a",
    blobId: "u.1",
    filename: "a.pdf",
    contentType: "application/pdf",
    sizeBytes: 1,
    disposition: "attachment",
    contentId: null,
    state: "done",
    progress: 1,
    error: null,
    file: null,
    url: null,
    ...changes,
  };
}
