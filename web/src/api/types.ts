/** The server's nouns, as they travel. Ids are strings, times ISO-8601 UTC, sizes bytes. */

export type Addr = { name: string; email: string };

export type MailboxRole = "inbox" | "drafts" | "sent" | "archive" | "junk" | "trash";

export type Account = {
  id: string;
  name: string;
  email: string;
  kind: string;
  quota_bytes: number | null;
  used_bytes: number;
  state: string;
};

export type Identity = { id: string; account_id: string; name: string; email: string; signature_html: string };

export type Preferences = { [name: string]: unknown };

export type Me = {
  id: string;
  email: string;
  name: string;
  accounts: Account[];
  identities: Identity[];
  preferences: Preferences;
};

export type Session = { access: string; user: Me };

export type Mailbox = {
  id: string;
  account_id: string;
  parent_id: string | null;
  name: string;
  role: MailboxRole | null;
  total_emails: number;
  unread_emails: number;
  is_subscribed: boolean;
  sort_order: number;
};

export type MailboxPage = { items: Mailbox[]; state: string };

export type ThreadRow = {
  id: string;
  account_id: string;
  subject: string;
  preview: string;
  last_at: string;
  /** Gives a thread its place in a list, where `last_at` may be later; absent outside of lists. */
  placed_at?: string;
  email_count: number;
  unread_count: number;
  is_flagged: boolean;
  is_answered: boolean;
  has_attachment: boolean;
  has_draft: boolean;
  /** Oldest first, without repeats, at most 8. */
  senders: Addr[];
  /** Of the newest e-mail. */
  recipients: Addr[];
  mailbox_ids: string[];
  /** Oldest first. */
  email_ids: string[];
};

export type ThreadPage = { items: ThreadRow[]; next: string | null; state: string };

export type EmailRow = {
  id: string;
  account_id: string;
  thread_id: string;
  mailbox_ids: string[];
  from: Addr[];
  to: Addr[];
  cc: Addr[];
  subject: string;
  preview: string;
  received_at: string;
  sent_at: string | null;
  size_bytes: number;
  is_seen: boolean;
  is_flagged: boolean;
  is_answered: boolean;
  is_forwarded: boolean;
  is_draft: boolean;
  keywords: string[];
  has_attachment: boolean;
};

export type Attachment = {
  part: string;
  /** Names this part for a draft that takes it along. */
  blob_id?: string;
  filename: string;
  content_type: string;
  size_bytes: number;
  disposition: "inline" | "attachment";
  content_id: string | null;
  url: string;
  preview_url: string | null;
};

export type DeliveryState = "held" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "cancelled";

export type Delivery = {
  recipient: string;
  state: DeliveryState;
  attempts: number;
  next_attempt_at: string | null;
  host: string | null;
  tls: boolean | null;
  answer: string | null;
  updated_at: string;
};

export type DraftAttachment = {
  blob_id: string;
  filename: string;
  content_type: string;
  disposition: "inline" | "attachment";
  content_id?: string | null;
  size_bytes?: number;
};

export type DraftContent = {
  account_id?: string;
  identity_id?: string | null;
  to: Addr[];
  cc: Addr[];
  bcc: Addr[];
  subject: string;
  html: string | null;
  text: string | null;
  attachments: DraftAttachment[];
  reply_to_email_id?: string | null;
  forward_of_email_id?: string | null;
};

export type Trust = { [fact: string]: unknown };

export type Email = EmailRow & {
  bcc: Addr[];
  reply_to: Addr[];
  message_id: string;
  in_reply_to: string[];
  references: string[];
  list_unsubscribe: string | null;
  text: string;
  has_html: boolean;
  html_url: string;
  has_remote_content: boolean;
  attachments: Attachment[];
  delivery: Delivery[] | null;
  trust: Trust | null;
  draft: DraftContent | null;
};

export type Thread = { id: string; account_id: string; subject: string; state: string; emails: Email[] };

export type UploadedBlob = { blob_id: string; filename: string; content_type: string; size_bytes: number };

export type Limits = { max_attachment_bytes: number; max_message_bytes: number; max_recipients: number };

export type Sent = { email_id: string; submission_id: string; undo_until: string | null };

export type Submission = {
  id: string;
  email_id: string;
  state: DeliveryState;
  undo_until: string | null;
  recipients: Delivery[];
};

export type BulkAnswer = { updated: number; state: string };

export type Changes = {
  account_id: string;
  since: string;
  state: string;
  has_more: boolean;
  mailboxes: { changed: Mailbox[]; destroyed: string[] };
  emails: { changed: EmailRow[]; destroyed: string[] };
  threads: { changed: ThreadRow[]; destroyed: string[] };
  submissions: { changed: Submission[] };
};

export type ProblemItem = { pointer: string; code: string; detail: string };

export type Problem = {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: ProblemItem[];
  /** Of `mfa_required`: what to answer, and by which ways. */
  challenge?: string;
  methods?: ProofMethod[];
  passkey?: PasskeyOptions | null;
};

export type ProofMethod = "passkey" | "totp" | "recovery_code" | "password";

/** What `navigator.credentials` wants to hear, with its bytes as base64url. */
export type PasskeyOptions = { [name: string]: unknown };
