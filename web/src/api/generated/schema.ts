/** Made from openapi.json by `npm run generate`; never edited. */

export type AcceptanceRequest = {
  token: string;
  email: string;
  name?: string;
  password: string;
};

export type Account = {
  id: string;
  name: string;
  email: string;
  kind: AccountKindEnum;
  is_own: boolean;
  right: RightEnum | NullEnum;
  quota_bytes: number | null;
  used_bytes: number;
  state: string;
};

export type AccountKindEnum = "local" | "shared";

export type AccountList = {
  items: Account[];
};

export type Acknowledged = {
  user_id: string;
  name: string;
  at: string;
};

export type ActEnum = "login.ok" | "login.failed" | "session.closed" | "session.revoked" | "session.proved" | "mail_client.ended" | "password.changed" | "totp.added" | "totp.removed" | "passkey.added" | "passkey.renamed" | "passkey.removed" | "recovery_codes.made" | "browser.trusted" | "browser.distrusted" | "app_password.made" | "app_password.revoked" | "token.made" | "token.revoked" | "application.allowed" | "application.entered" | "application.ended" | "factors.removed" | "operator.made" | "operator.unmade" | "profile.changed" | "user.added" | "user.changed" | "user.deleted" | "user.restored" | "user.forgotten" | "address.added" | "address.removed" | "address.chosen" | "password.recovered" | "recovery.changed" | "invitation.made" | "invitation.revoked" | "invitation.accepted" | "role.created" | "role.changed" | "role.deleted" | "group.created" | "group.changed" | "group.deleted" | "member.put" | "member.removed" | "organisation.created" | "organisation.changed" | "domain.claimed" | "domain.unclaimed" | "domain.added" | "domain.changed" | "domain.removed" | "oauth_client.added" | "oauth_client.removed" | "identity_provider.added" | "identity_provider.removed" | "identity_provider.linked" | "webhook.created" | "webhook.changed" | "webhook.deleted" | "webhook.rotated" | "webhook.tested" | "webhook.replayed" | "push_device.added" | "push_device.removed" | "notifications.changed" | "notification.sent" | "account.created" | "account.changed" | "account.deleted" | "grant.given" | "grant.revoked" | "email.destroyed" | "email.expunged" | "email.transferred" | "mailbox.created" | "mailbox.changed" | "mailbox.deleted" | "identity.changed" | "mail.imported" | "mail.expired" | "rule.created" | "rule.changed" | "rule.deleted" | "rule.applied" | "rule.undone" | "vacation.changed" | "template.created" | "template.changed" | "template.deleted" | "signature.created" | "signature.changed" | "signature.deleted" | "list.left" | "suppression.added" | "suppression.removed" | "mailing_list.created" | "mailing_list.changed" | "mailing_list.deleted" | "mailing_list.members_added" | "mailing_list.member_removed" | "recipient.released" | "receipt.sent" | "forward.proposed" | "forward.confirmed" | "forward.changed" | "forward.removed" | "junk.changed" | "junk.forgotten" | "sender.listed" | "sender.unlisted" | "message.submitted" | "message.cancelled" | "message.hurried" | "message.given_up" | "message.held" | "message.released" | "sending.stopped" | "sending.released" | "sending.discarded" | "sending.limits_changed" | "job.hurried" | "conversation.created" | "conversation.changed" | "conversation.deleted" | "conversation.expired" | "conversation.exported" | "conversation.held" | "conversation.message_deleted" | "conversation.preview_removed" | "conversation.policy_changed" | "conversation.reported" | "conversation.report_decided" | "conversation.report_viewed" | "outside_mail.dropped" | "outside_mail.released" | "outsider.changed" | "outsider.invited" | "outsider.removed" | "participant.added" | "participant.changed" | "participant.joined" | "participant.left" | "participant.removed" | "check.repaired" | "audit.exported" | "audit.pruned" | "audit.sealed";

export type ActionBodyRequest = {
  /** `file` lies there instead of in the inbox, `label` beside it. */
  do: DoEnum;
  /** For `file` and `label`. */
  mailbox_id?: string | null;
  /** For `forward`: a confirmed one. */
  forward_id?: string | null;
  /** For `answer`. */
  template_id?: string | null;
};

export type ActionEnum = "failed" | "delayed" | "delivered" | "relayed" | "expanded";

export type Added = {
  /** How many were not in it before. */
  added: number;
};

/** A person's name (maybe empty) and address. */
export type Addr = {
  name: string;
  email: string;
};

export type AddressAskRequest = {
  email: string;
};

export type AddressProofRequest = {
  flow: string;
  code: string;
};

export type Addresses = {
  items: Addr[];
};

export type AnswerEnum = "send" | "decline";

export type AppPasswordBodyRequest = {
  name: string;
  scopes: ScopesEnum[];
  expires_in_days?: number | null;
};

/** What goes out; nothing is read by it. */
export type AppPasswordRow = {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  last_ip: string;
  last_protocol: string;
};

/** What goes out; nothing is read by it. */
export type ApplicationRow = {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  last_used_at: string | null;
};

export type AssignedThread = {
  thread: ListedThread;
  assignment: ThreadAssignment;
};

export type AssignedThreads = {
  /** May be fewer than asked for, even none, where there is a `next`. */
  items: AssignedThread[];
  next: string | null;
};

export type Assignee = {
  id: string;
  name: string;
};

export type AssignmentChanges = {
  changed: ChangedAssignment[];
};

export type AssignmentStatusEnum = "open" | "pending" | "done";

export type Attachment = {
  part: string;
  filename: string;
  content_type: string;
  size_bytes: number;
  disposition: DispositionEnum;
  content_id: string | null;
  /** Signed; downloads the part. */
  url: string;
  /** Signed; shows an image in place. */
  preview_url: string | null;
  /** Signed; a small picture (WebP). */
  thumbnail_url: string | null;
  /** For a draft that takes this part along. */
  blob_id: string;
};

export type AuditPage = {
  items: Entry[];
  next: string | null;
};

export type Authentication = {
  /** Whether it is from the domain of its From. `failed`: it is not proved, and the domain asks to keep such mail away; `doubtful`: not proved, and it does not ask; `unproved`: the domain says nothing about it. */
  verdict: AuthenticationVerdictEnum;
  /** The domain of From. */
  domain: string;
  checks: AuthenticationCheck[];
};

export type AuthenticationCheck = {
  method: MethodEnum;
  /** As RFC 8601 names it: pass, fail, none, temperror … */
  result: string;
  /** The domain that this says something about. */
  domain: string;
  /** What a program would log. */
  reason: string;
  /** The same in plain words. */
  text: string;
};

export type AuthenticationVerdictEnum = "proved" | "failed" | "doubtful" | "unproved";

export type UploadedBlob = {
  blob_id: string;
  filename: string;
  content_type: string;
  size_bytes: number;
};

export type Blocked = {
  user_id: string;
  name: string;
  created_at: string;
};

export type Blocks = {
  items: Blocked[];
};

/** Which e-mails a bulk verb is for: by their ids, or by their threads (in one mailbox, if given). */
export type BulkLabelRequest = {
  ids?: string[];
  thread_ids?: string[];
  from_mailbox?: string | null;
  add?: string[];
  remove?: string[];
};

/** Which e-mails a bulk verb is for: by their ids, or by their threads (in one mailbox, if given). */
export type BulkMoveRequest = {
  ids?: string[];
  thread_ids?: string[];
  from_mailbox?: string | null;
  to_mailbox: string;
};

/** `verb` says which of the other fields count; one that belongs to another verb is refused. */
export type BulkRequest = {
  verb: BulkVerbEnum;
  ids: string[];
  /** All of them or none. */
  atomic?: boolean;
  is_seen?: boolean;
  is_flagged?: boolean;
  is_answered?: boolean;
  add_keywords?: string[];
  remove_keywords?: string[];
  to_mailbox?: string;
  from_mailbox?: string | null;
  add?: string[];
  remove?: string[];
};

export type BulkResult = {
  id: string;
  /** 200 done, 404 not there, 424 not tried. */
  status: number;
  /** As in a problem; null when done. */
  code: string | null;
};

export type BulkResults = {
  results: BulkResult[];
  updated: number;
  state: string;
};

/** Which e-mails a bulk verb is for: by their ids, or by their threads (in one mailbox, if given). */
export type BulkUpdateRequest = {
  ids?: string[];
  thread_ids?: string[];
  from_mailbox?: string | null;
  is_seen?: boolean;
  is_flagged?: boolean;
  add_keywords?: string[];
  remove_keywords?: string[];
};

export type BulkVerbEnum = "update" | "move" | "label" | "trash" | "destroy";

export type ByEnum = "anybody" | "domain";

export type Cancelled = {
  email_id: string;
};

export type ChangedAssignment = {
  thread_id: string;
  /** Of `threads/{thread_id}/assignment/`. */
  version: number;
};

export type Changes = {
  account_id: string;
  since: string;
  state: string;
  has_more: boolean;
  mailboxes: MailboxChanges;
  emails: EmailChanges;
  threads: ThreadChanges;
  submissions: SubmissionChanges;
  assignments: AssignmentChanges;
};

export type ChatAuthor = {
  id: string | null;
  name: string;
  /** Of outside people only. */
  email: string | null;
};

export type ChatCounter = {
  conversation_id: string;
  read_number: number;
  last_number: number;
  is_marked_unread: boolean;
  is_muted: boolean;
  /** Counted to 100. */
  unread: number;
  /** Counted to 100. */
  mentions: number;
  /** Followed threads with something unread. */
  threads: number;
};

export type ChatCounters = {
  /** Only conversations where something is unread. */
  items: ChatCounter[];
  /** Of one's own log, to go on from. */
  state: string;
};

export type ChatDraft = {
  conversation_id: string;
  thread_id: string | null;
  /** null when it was sent or thrown away. */
  content: { [name: string]: unknown } | null;
  changed_at: string;
  own_seq: string;
};

export type ChatDrafts = {
  items: ChatDraft[];
};

export type ChatExport = {
  id: string;
  conversation_id: string;
  state: ChatExportStateEnum;
  /** Of one that failed, an error code. */
  reason: string | null;
  messages: number;
  size_bytes: number;
  created_at: string;
  /** It is gone then. */
  expires_at: string;
  /** The zip, for an hour or two; null until it is done. */
  url: string | null;
};

export type ChatExportStateEnum = "waiting" | "done" | "failed";

export type ChatExports = {
  items: ChatExport[];
};

export type ChatFile = {
  id: string;
  filename: string;
  /** By what the bytes are. */
  content_type: string;
  size_bytes: number;
  /** Of pictures, as they are shown. */
  width: number | null;
  height: number | null;
};

export type ChatFileLink = {
  id: string;
  filename: string;
  /** By what the bytes are. */
  content_type: string;
  size_bytes: number;
  /** Of pictures, as they are shown. */
  width: number | null;
  height: number | null;
  /** Carries its own permission, for an hour or two. */
  url: string;
  /** The same, of a small picture (WebP). */
  thumbnail_url: string | null;
};

export type ChatFileLinks = {
  items: ChatFileLink[];
};

export type ChatMark = {
  message_id: string;
  conversation_id: string;
  is_starred: boolean;
  is_hidden: boolean;
  own_seq: string;
};

export type ChatMessage = {
  id: string;
  conversation_id: string;
  /** Dense in its conversation, in order of sending. */
  number: number;
  thread_id: string | null;
  author: ChatAuthor;
  kind: ChatMessageKindEnum;
  /** Markdown; empty in what was deleted. */
  text: string;
  /** The same, safe to be shown. */
  html: string;
  /** Of a system message: its `type` and facts. */
  event: { [name: string]: unknown } | null;
  mentions: Mentioned[];
  reply_to: string | null;
  forwarded_from: Somebody | null;
  importance: ImportanceEnum;
  needs_ack: boolean;
  ack_count: number;
  attachments: ChatFile[];
  /** Of its links; they come after the message was sent. */
  previews: ChatPreview[];
  /** Emoji to user ids. */
  reactions: { [name: string]: unknown };
  revisions: number;
  client_id: string | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  pinned_at: string | null;
  pinned_by: string | null;
  seq: string;
};

export type ChatMessageKindEnum = "text" | "system";

export type ChatMessageList = {
  items: ChatMessage[];
};

export type ChatMessages = {
  items: FoundMessage[];
  next: string | null;
  /** Of a search. */
  search?: SearchAnswer;
};

export type ChatPreview = {
  id: string;
  /** As the message has it. */
  url: string;
  /** Who answered, after all redirects. */
  host: string;
  title: string;
  description: string;
  site: string;
  /** To be asked for at `messages/{id}/previews/`. */
  has_image: boolean;
};

export type ChatPreviewPicture = {
  id: string;
  /** Through the image proxy, for an hour or two. */
  image_url: string;
};

export type ChatPreviewPictures = {
  items: ChatPreviewPicture[];
};

export type ChatReader = {
  user_id: string;
  name: string;
};

export type ChatReaders = {
  read: ChatReader[];
  read_count: number;
  acknowledged: Acknowledged[];
};

export type ChatReport = {
  id: string;
  message_id: string;
  conversation_id: string;
  reporter: Somebody;
  author: Somebody;
  reason: ReportReasonEnum;
  note: string;
  /** What the message said when it was reported. */
  text: string;
  state: ChatReportStateEnum;
  decided_by: string | null;
  decided_at: string | null;
  created_at: string;
};

export type ChatReportStateEnum = "open" | "dismissed" | "removed";

export type ChatReports = {
  items: ChatReport[];
  next: string | null;
};

export type ChatRevision = {
  number: number;
  text: string;
  html: string;
  until: string;
};

export type ChatRevisions = {
  items: ChatRevision[];
};

export type ChatSettings = {
  hides_reading: boolean;
  /** What one has brought; it counts towards one's quota. */
  files_bytes: number;
  direct_from: DirectFromEnum;
};

export type ChatThread = {
  id: string;
  conversation_id: string;
  root_id: string;
  title: string;
  reply_count: number;
  last_number: number;
  last_at: string;
  resolved_at: string | null;
  resolved_by: string | null;
  seq: string;
};

export type ChatThreads = {
  items: ChatThread[];
  next: string | null;
};

export type ChatUpload = {
  id: string;
  filename: string;
  length_bytes: number;
  /** So many have come. */
  offset_bytes: number;
  is_done: boolean;
  /** What is not whole by then goes. */
  expires_at: string;
  /** Once it is whole, under the same id. */
  file: ChatFile | null;
};

/** Which e-mails a bulk verb is for: by their ids, or by their threads (in one mailbox, if given). */
export type ChosenRequest = {
  ids?: string[];
  thread_ids?: string[];
  from_mailbox?: string | null;
};

export type CodeBodyRequest = {
  code: string;
};

export type ConditionBodyRequest = {
  /** `to` is To and Cc, `recipient` also Bcc, `alone`: nobody else is named, `list`: List-Id, `spam`: taken for junk at arrival, `score`: the junk filter's. */
  field: FieldEnum;
  /** In `matches`, `*` stands for any text and `?` for a character. */
  op: OpEnum;
  value?: string;
  /** The name, for `header`. */
  header?: string;
  /** For `size`. */
  size_bytes?: number;
  /** For `score`. */
  score?: number;
  is_negated?: boolean;
};

export type Conversation = {
  id: string;
  kind: ConversationKindEnum;
  visibility: ConversationVisibilityEnum;
  name: string;
  topic: string;
  posting: WhoEnum;
  inviting: WhoEnum;
  edit_seconds: number | null;
  delete_seconds: number | null;
  retention_days: number | null;
  /** Whether who comes sees what was said before; null: as the organisation says. */
  history: HistoryEnum | NullEnum;
  archived_at: string | null;
  created_by: string | null;
  created_at: string;
  members: number;
  last_number: number;
  last_at: string;
  /** The number of its last change. */
  seq: string;
  /** null where one is not in it. */
  me: OwnPlace | null;
  /** The other one of a direct conversation. */
  with: Somebody | null;
  /** The newest message of the main timeline. */
  last: LastMessage | null;
};

export type ConversationChanges = {
  conversation_id: string;
  since: string;
  state: string;
  has_more: boolean;
  conversation: ConversationState | null;
  participants: Participant[];
  threads: ChatThread[];
  messages: ChatMessage[];
};

export type ConversationKindEnum = "direct" | "group" | "channel" | "notes";

export type ConversationPolicy = {
  /** null: without end; 0: never. */
  edit_seconds: number | null;
  delete_seconds: number | null;
  hides_revisions: boolean;
  hides_reading: boolean;
  retention_days: number | null;
  is_held: boolean;
  /** Who takes conversations out as files, besides those who manage conversations. */
  exporting: ExportingEnum;
  shows_previews: boolean;
  shows_outside_previews: boolean;
  creating: WhoEnum;
  /** Of conversations that say nothing else. */
  history: HistoryEnum;
};

export type ConversationState = {
  id: string;
  kind: ConversationKindEnum;
  visibility: ConversationVisibilityEnum;
  name: string;
  topic: string;
  posting: WhoEnum;
  inviting: WhoEnum;
  edit_seconds: number | null;
  delete_seconds: number | null;
  retention_days: number | null;
  /** Whether who comes sees what was said before; null: as the organisation says. */
  history: HistoryEnum | NullEnum;
  archived_at: string | null;
  created_by: string | null;
  created_at: string;
  members: number;
  last_number: number;
  last_at: string;
  /** The number of its last change. */
  seq: string;
};

export type ConversationVisibilityEnum = "private" | "organisation";

export type Conversations = {
  items: Conversation[];
  next: string | null;
};

export type CookieSession = {
  csrf_token: string;
  user: CookieUser;
};

export type CookieUser = {
  id: string;
  email: string;
};

export type CredentialsRequest = {
  email: string;
  password: string;
};

export type Csrf = {
  csrf_token: string;
};

export type Decided = {
  recipients: number;
};

export type Delivery = {
  recipient: string;
  /** `skipped`: they have left the list that this was sent to. */
  state: DeliveryStateEnum;
  attempts: number;
  next_attempt_at: string | null;
  host: string | null;
  tls: boolean | null;
  verified_by: VerifiedByEnum | NullEnum;
  answer: string | null;
  /** Why it has not arrived, where it has not. */
  reason: DeliveryReasonEnum | NullEnum;
  /** What came back after a server had taken it; `failed` makes the state so. */
  report: DeliveryReport | null;
  /** When a receipt of reading came. */
  read_at: string | null;
  /** When the recipient's provider passed on that they call it spam. */
  complained_at: string | null;
  updated_at: string;
  /** It came in and goes on by itself. */
  is_forward: boolean;
};

export type DeliveryReasonEnum = "no_such_address" | "no_such_domain" | "mailbox_full" | "too_large" | "taken_for_spam" | "not_authenticated" | "not_secure" | "not_reached" | "asked_to_wait" | "odd_address" | "refused" | "demanded_here" | "other";

export type DeliveryReport = {
  action: ActionEnum;
  /** Whose words they are. */
  host: string | null;
  answer: string | null;
  at: string;
};

export type DeliveryStateEnum = "held" | "queued" | "sending" | "retrying" | "delivered" | "failed" | "cancelled" | "skipped";

export type Desk = {
  account_id: string;
  /** When somebody else writes in a thread that was done: it is open again and its assignee's (`assignee`), open again and nobody's (`nobody`), or stays done (`never`). */
  reopening: ReopeningEnum;
  /** 0 where nobody has changed it; its `ETag`. */
  version: number;
};

export type DestinationShape = {
  destination: string;
  waiting: number;
  held: number;
  /** How many were tried in vain. */
  tried: number;
  oldest_at: string;
  next_attempt_at: string | null;
  /** What a server of it was last heard to say. */
  answer: string | null;
  reason: DeliveryReasonEnum | NullEnum;
};

export type Destinations = {
  items: DestinationShape[];
};

export type DetailedHealth = {
  status: DetailedHealthStatusEnum;
  uptime_seconds: number;
  versions: { [name: string]: unknown };
  checks: { [name: string]: unknown };
};

export type DetailedHealthStatusEnum = "ok" | "degraded" | "down";

export type DirectFromEnum = "everybody" | "groups" | "nobody";

export type DisabledReasonEnum = "person" | "gone" | "failing";

export type DispositionEnum = "inline" | "attachment";

export type DmarcSummary = {
  reports: number;
  last_at: string | null;
  messages: number;
  aligned: number;
  sources: SourceShape[];
};

export type DoEnum = "file" | "label" | "read" | "star" | "trash" | "forward" | "answer" | "stop";

export type DomainList = {
  items: DomainShape[];
};

export type DomainReports = {
  dmarc: DmarcSummary;
  tls: TlsSummary;
};

export type DomainShape = {
  id: string;
  name: string;
  is_proved: boolean;
  catch_all: string | null;
  records: RecordShape[];
};

export type DoorEnum = "mx" | "lmtp";

/** May be unfinished while it is typed. */
export type DraftAddressRequest = {
  name?: string;
  email: string;
};

export type DraftContentRequest = {
  text: string;
  reply_to?: string | null;
  file_ids?: string[];
};

export type DraftPieceRequest = {
  blob_id: string;
  filename?: string;
  content_type?: string;
  disposition?: DispositionEnum;
  /** Without angle brackets. */
  content_id?: string | null;
  size_bytes?: number;
};

/** What the composer holds. Give `html`, or `text` for a plain message. */
export type DraftRequest = {
  account_id?: string | null;
  identity_id?: string | null;
  to?: DraftAddressRequest[];
  cc?: DraftAddressRequest[];
  bcc?: DraftAddressRequest[];
  subject?: string;
  html?: string | null;
  text?: string | null;
  attachments?: DraftPieceRequest[];
  reply_to_email_id?: string | null;
  forward_of_email_id?: string | null;
  /** Ask each recipient to say that they have read it (RFC 8098). */
  asks_read?: boolean;
  /** Ask each server to say that it has arrived (RFC 3461). */
  asks_delivery?: boolean;
};

export type DraftSavedRequest = {
  thread_id?: string | null;
  content: DraftContentRequest | null;
};

export type Email = {
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
  bcc: Addr[];
  reply_to: Addr[];
  message_id: string | null;
  in_reply_to: string[];
  references: string[];
  list_unsubscribe: string | null;
  text: string;
  has_html: boolean;
  /** Signed page for a sandboxed frame; append &images=1 for remote images. */
  html_url: string;
  has_remote_content: boolean;
  attachments: Attachment[];
  delivery: Delivery[] | null;
  /** Who asks to be told that it was read; null once that is answered. */
  receipt_to: string | null;
  trust: { [name: string]: unknown } | null;
  /** What was checked when it arrived; null where nothing was. */
  authentication: Authentication | null;
  draft: SavedDraft | null;
  /** The rule that put it where it is. */
  filed_by: FiledBy | null;
  /** What the filter said when it arrived; null where it was not asked. */
  spam: Spam | null;
};

export type EmailChanges = {
  changed: EmailRow[];
  destroyed: string[];
};

export type EmailPage = {
  items: ListedEmail[];
  next: string | null;
  state: string;
  /** Of a list that was searched for. */
  search?: SearchAnswer;
};

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

/** What goes out; nothing is read by it. */
export type Enrolment = {
  secret: string;
  /** For a QR code: `otpauth://totp/…`. */
  uri: string;
};

/** One line. `hash` is SHA-256 over `previous` and the line's fields (docs/operate/watching.md). */
export type Entry = {
  sequence: string;
  at: string;
  act: ActEnum;
  outcome: EntryOutcomeEnum;
  actor_id: string | null;
  actor_email: string | null;
  real_actor_id: string | null;
  subject_id: string | null;
  via: string;
  ip: string | null;
  client: string | null;
  object_kind: string | null;
  object_id: string | null;
  facts: { [name: string]: unknown };
  previous: string;
  hash: string;
};

export type EntryOutcomeEnum = "ok" | "refused";

export type EventKind = {
  type: string;
  meaning: string;
};

export type EventKinds = {
  items: EventKind[];
};

export type EventsEnum = "email.received" | "email.changed" | "email.deleted" | "message.delivered" | "message.bounced";

export type Expiring = {
  messages: number;
  /** There are more than were counted. */
  is_more: boolean;
  /** In how many conversations they are. */
  conversations: number;
  oldest_at: string | null;
  /** Nothing goes while a legal hold is on. */
  is_held: boolean;
};

export type ExportingEnum = "members" | "admins" | "nobody";

export type ExternalBeginRequest = {
  provider_id: string;
};

export type ExternalBegun = {
  redirect_to: string;
  /** To be kept by the browser and brought back. */
  flow: string;
};

export type ExternalChoice = {
  id: string;
  name: string;
};

export type ExternalChoices = {
  items: ExternalChoice[];
};

export type ExternalEmailRequest = {
  email: string;
};

export type ExternalFinishRequest = {
  flow: string;
  state: string;
  code: string;
};

export type FailingShape = {
  /** A result type of RFC 8460 §4.3. */
  kind: string;
  server: string | null;
  sessions: number;
  reporters: number;
};

export type FieldEnum = "from" | "to" | "recipient" | "subject" | "header" | "body" | "list" | "size" | "attachment" | "alone" | "spam" | "score";

export type FiledBy = {
  rule_id: string;
  /** Null once the rule is deleted. */
  name: string | null;
};

export type FindingList = {
  items: FindingShape[];
};

export type FindingShape = {
  topic: TopicEnum;
  name: string;
  state: FindingShapeStateEnum;
  found: string[];
  advice: string;
};

export type FindingShapeStateEnum = "ok" | "missing" | "wrong" | "unknown";

export type Flow = {
  flow: string;
  expires_in_seconds: number;
};

export type FlowOnlyRequest = {
  flow: string;
};

export type FolderChanged = {
  /** How many conversations lay in it. */
  changed: number;
};

export type FollowChangeRequest = {
  is_following?: boolean;
  is_muted?: boolean;
};

export type ForwardFlow = {
  flow: string;
  expires_in_seconds: number;
};

export type ForwardList = {
  items: ForwardShape[];
};

export type ForwardProofRequest = {
  flow: string;
  code: string;
};

export type ForwardShape = {
  id: string;
  account_id: string;
  address: string;
  /** Nothing goes there before. */
  is_confirmed: boolean;
  is_enabled: boolean;
  keeps_copy: boolean;
  created_at: string;
};

/** `thread` is there for mail, `message` and `conversation` for what was said in one. */
export type FoundItem = {
  kind: FoundKindEnum;
  /** Its place in the list. */
  at: string;
  thread?: ListedThread;
  message?: FoundMessage;
  conversation?: FoundPlace;
};

export type FoundItems = {
  items: FoundItem[];
  next: string | null;
  search: SearchAnswer;
};

export type FoundKindEnum = "mail" | "message";

export type FoundMessage = {
  id: string;
  conversation_id: string;
  /** Dense in its conversation, in order of sending. */
  number: number;
  thread_id: string | null;
  author: ChatAuthor;
  kind: ChatMessageKindEnum;
  /** Markdown; empty in what was deleted. */
  text: string;
  /** The same, safe to be shown. */
  html: string;
  /** Of a system message: its `type` and facts. */
  event: { [name: string]: unknown } | null;
  mentions: Mentioned[];
  reply_to: string | null;
  forwarded_from: Somebody | null;
  importance: ImportanceEnum;
  needs_ack: boolean;
  ack_count: number;
  attachments: ChatFile[];
  /** Of its links; they come after the message was sent. */
  previews: ChatPreview[];
  /** Emoji to user ids. */
  reactions: { [name: string]: unknown };
  revisions: number;
  client_id: string | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  pinned_at: string | null;
  pinned_by: string | null;
  seq: string;
  /** Of a search. */
  snippet?: MessageSnippet;
};

export type FoundPlace = {
  id: string;
  kind: ConversationKindEnum;
  name: string;
  /** The other one of a direct conversation. */
  with: string | null;
};

export type GrantList = {
  items: GrantShape[];
};

export type GrantShape = {
  id: string;
  right: RightEnum;
  user_id: string | null;
  group_id: string | null;
  name: string;
  created_at: string;
};

export type GrantTypeEnum = "authorization_code" | "refresh_token";

export type GroupPage = {
  items: GroupShape[];
  next: string | null;
};

export type GroupShape = {
  id: string;
  name: string;
  about: string;
  posting: PostingEnum;
  address: string | null;
  members: number;
  is_member: boolean;
  is_manager: boolean;
  /** Whose members are members too. */
  groups: string[];
  created_at: string;
};

export type Health = {
  status: string;
  listeners?: { [name: string]: unknown };
};

export type HeldByEnum = "undo" | "admin" | "stop";

export type HeldCount = {
  conversation_id: string;
  count: number;
};

export type HeldCounts = {
  items: HeldCount[];
};

export type HeldList = {
  items: HeldShape[];
};

export type HeldShape = {
  id: string;
  outsider_id: string;
  sender: string;
  subject: string;
  reason: HeldShapeReasonEnum;
  received_at: string;
  /** The beginning of what is new in it. */
  text: string;
};

export type HeldShapeReasonEnum = "other_sender" | "not_proved";

export type HistoryEnum = "all" | "joined";

export type HoldRequest = {
  hold_seconds?: number;
};

export type Identity = {
  id: string;
  account_id: string;
  name: string;
  email: string;
  signature_html: string;
};

export type ImapOffEnum = "BINARY" | "CONDSTORE" | "ESEARCH" | "IDLE" | "IMAP4rev2" | "INPROGRESS" | "LIST-EXTENDED" | "LIST-STATUS" | "LITERAL+" | "MOVE" | "NOTIFY" | "OBJECTID" | "PARTIAL" | "PREVIEW" | "QRESYNC" | "SAVEDATE" | "SEARCHRES" | "SPECIAL-USE" | "STATUS=SIZE" | "UIDONLY" | "UIDPLUS" | "UNSELECT" | "WITHIN";

export type ImportanceEnum = "normal" | "important" | "urgent";

export type Imported = {
  added: number;
  /** Who was on it before. */
  known: number;
  refused: RefusedLine[];
  refused_count: number;
};

export type InvitationPage = {
  items: InvitationShape[];
  next: string | null;
};

export type InvitationShape = {
  id: string;
  email: string;
  role: string;
  invited_by: string | null;
  created_at: string;
  expires_at: string;
};

export type InvitationTo = {
  organisation: string;
  email: string;
  domains: string[];
  min_password: number;
  expires_at: string;
};

export type Junk = {
  account_id: string;
  /** What holds. */
  is_enabled: boolean;
  /** What holds. */
  threshold: number;
  /** What was chosen for this account alone. */
  chosen: JunkChosen;
  /** E-mails that this account's filter has learnt. */
  learnt: JunkLearnt;
  /** Those of everybody in the organisation, whose numbers count too. */
  learnt_by_all: JunkLearnt;
  /** Whether enough was learnt for words alone to decide. */
  may_decide: boolean;
  /** E-mails of each kind that are enough. */
  needs: number;
};

export type JunkChosen = {
  is_enabled: boolean | null;
  threshold: number | null;
};

export type JunkLearnt = {
  wanted: number;
  junk: number;
};

export type JunkOfAll = {
  chosen: JunkChosen;
  refuse_at: number | null;
  learnt: JunkLearnt;
};

export type JunkSender = {
  id: string;
  value: string;
  list: ListEnum;
};

export type JunkSenders = {
  items: JunkSender[];
};

/** A message as a line of a list shows it. */
export type LastMessage = {
  id: string;
  number: number;
  author: Somebody;
  /** The beginning of its Markdown. */
  text: string;
  has_files: boolean;
  created_at: string;
};

export type LettersToEnum = "own" | "recovery";

export type Limits = {
  max_attachment_bytes: number;
  max_message_bytes: number;
  max_recipients: number;
};

export type LimitsShape = {
  messages: number;
  new_recipients: number;
  all_messages: number;
  all_new_recipients: number;
  is_watched: boolean;
  /** Of all in the last 24 hours. */
  used_messages: number;
  /** Of all in the last 24 hours. */
  used_new_recipients: number;
};

export type Link = {
  name: string;
  url: string;
};

export type LinkRequest = {
  name: string;
  url: string;
};

export type ListEnum = "allow" | "block";

export type ListMemberPage = {
  items: ListMemberShape[];
  next: string | null;
};

export type ListMemberShape = {
  id: string;
  address: string;
  name: string;
  consent: string;
  added_at: string;
  left_at: string | null;
  /** For `suppression_delete`, when they ask to get it again. */
  suppression_id: string | null;
  suppressed: SuppressionReasonEnum | NullEnum;
};

export type ListShape = {
  id: string;
  account_id: string;
  name: string;
  title: string;
  members: number;
  /** How many of them have left it by its link. */
  left: number;
  /** How many more are passed over: see `sending_suppressions`. */
  suppressed: number;
  created_at: string;
};

export type ListWordsRequest = {
  subject: string;
  html: string;
  /** The address it is from; the account's first if left out. */
  identity_id?: string;
  hold_seconds?: number;
};

export type ListedEmail = {
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
  /** Of a list that was searched for. */
  snippet?: Snippet | null;
};

/** `placed_at` gives a thread its place in the list; `last_at` may be later, for an e-mail elsewhere. */
export type ListedThread = {
  id: string;
  account_id: string;
  subject: string;
  preview: string;
  last_at: string;
  email_count: number;
  unread_count: number;
  is_flagged: boolean;
  is_answered: boolean;
  has_attachment: boolean;
  has_draft: boolean;
  senders: Addr[];
  recipients: Addr[];
  mailbox_ids: string[];
  email_ids: string[];
  placed_at: string;
  /** Of a list that was searched for. */
  snippet?: Snippet | null;
};

/** What goes out; nothing is read by it. */
export type MadeAppPassword = {
  id: string;
  /** Shown once. */
  password: string;
};

export type MadeOAuthClient = {
  id: string;
  client_id: string;
  name: string;
  redirect_uris: string[];
  scopes: string[];
  is_public: boolean;
  created_at: string;
  /** Shown once; empty for a public client. */
  client_secret: string;
};

/** What goes out; nothing is read by it. */
export type MadeToken = {
  id: string;
  /** Shown once. */
  token: string;
};

/** What goes out; nothing is read by it. */
export type MailClientRow = {
  id: string;
  protocol: string;
  /** What it came in with: password, app_password, token or session. */
  kind: string;
  credential_id: string | null;
  client: string;
  ip: string;
  connected_at: string;
  last_used_at: string;
};

export type MailUpload = {
  id: string;
  filename: string;
  length_bytes: number;
  /** So many have come. */
  offset_bytes: number;
  is_done: boolean;
  /** What is not whole by then goes. */
  expires_at: string;
  /** Once it is whole. */
  file: UploadedBlob | null;
};

export type Mailbox = {
  id: string;
  account_id: string;
  parent_id: string | null;
  name: string;
  role: RoleEnum | NullEnum;
  total_emails: number;
  unread_emails: number;
  is_subscribed: boolean;
  sort_order: number;
  /** E-mails that have lain there so long are taken out; null keeps them. */
  retention_days: number | null;
};

export type MailboxChanges = {
  changed: Mailbox[];
  destroyed: string[];
};

export type MailboxList = {
  items: Mailbox[];
  state: string;
};

export type MailingLists = {
  items: ListShape[];
};

export type ManagedConversation = {
  id: string;
  kind: ManagedConversationKindEnum;
  visibility: ConversationVisibilityEnum;
  name: string;
  members: number;
  created_at: string;
  last_at: string;
  archived_at: string | null;
  /** null: as the organisation's. */
  retention_days: number | null;
  is_held: boolean;
};

export type ManagedConversationKindEnum = "group" | "channel";

export type ManagedConversations = {
  items: ManagedConversation[];
  next: string | null;
};

export type MarkAllReadRequest = {
  kind?: NotificationKindEnum;
  /** The newest `seq` that was shown; later ones stay unread. */
  upto?: string;
};

export type Marked = {
  marked: number;
  unread: number;
};

export type MatchEnum = "all" | "any";

export type Me = {
  id: string;
  email: string;
  name: string;
  accounts: Account[];
  identities: Identity[];
  preferences: { [name: string]: unknown };
  /** IMAP extensions that one's mail programs are not offered, from their next log-in on. */
  imap_off: string[];
};

export type MemberPage = {
  items: MemberShape[];
  next: string | null;
};

export type MemberShape = {
  is_manager: boolean;
  user: UserShape;
};

export type MembershipRequest = {
  is_manager?: boolean;
};

export type Mentioned = {
  kind: MentionedKindEnum;
  id: string | null;
  name: string;
};

export type MentionedKindEnum = "user" | "group" | "channel" | "here";

/** Where the words stand, in pieces to be put together; plain text, never HTML. */
export type MessageSnippet = {
  text: SnippetSegment[];
  /** Of the first file whose name has them; empty for none. */
  filename: SnippetSegment[];
};

export type MessagesEnum = "all" | "mentions" | "none";

export type MethodEnum = "spf" | "dkim" | "dmarc" | "arc";

/** What goes out; nothing is read by it. */
export type Mfa = {
  is_on: boolean;
  has_totp: boolean;
  recovery_codes_left: number;
};

/** Exactly one of `totp`, `recovery_code` and `passkey` (what `navigator.credentials.get` gave, as JSON). */
export type MfaRequest = {
  challenge: string;
  totp?: string;
  recovery_code?: string;
  passkey?: { [name: string]: unknown };
  trust_browser?: boolean;
};

export type ModeEnum = "each" | "hourly" | "daily";

/** What the asker may not see is null or empty. */
export type MyselfShape = {
  id: string;
  name: string;
  display_name: string;
  email: string | null;
  role: string;
  is_active: boolean;
  /** Signed; `&size=64` gives the small one. */
  avatar_url: string | null;
  title: string;
  department: string;
  phone: string;
  about: string;
  pronouns: string;
  location: string;
  links: Link[];
  locale: string;
  time_zone: string;
  status: StatusShape | null;
  is_online: boolean | null;
  last_seen_at: string | null;
  created_at: string;
  deleted_at: string | null;
  notifications: Notifications;
  visibility: VisibilityEnum;
  hides_activity: boolean;
  hides_online: boolean;
  hides_email: boolean;
  permissions: string[];
};

/** A message in the words of `POST /mail/create/v1/`: `body` is plain text, `html` wins where both are given. */
export type NamedMessageRequest = {
  to?: string | (string | {
    name?: string;
    email: string;
  })[];
  cc?: string | (string | {
    name?: string;
    email: string;
  })[];
  bcc?: string | (string | {
    name?: string;
    email: string;
  })[];
  subject?: string;
  body?: string;
  html?: string;
  attachments?: DraftPieceRequest[];
};

export type NewAccountRequest = {
  name: string;
  email: string;
};

export type NewAddressRequest = {
  email: string;
};

export type NewBlockRequest = {
  user_id: string;
};

export type NewChatMessageRequest = {
  /** Markdown. */
  text?: string;
  importance?: ImportanceEnum;
  /** Asks everybody to acknowledge it. */
  needs_ack?: boolean;
  file_ids?: string[];
  /** Made by the client, such as a UUID: sent again, it is the same message. */
  client_id?: string | null;
  /** May be taken back so long. */
  hold_seconds?: number;
  send_at?: string | null;
  thread_id?: string | null;
  /** A message of the conversation that is quoted. */
  reply_to?: string | null;
};

export type NewConversationKindEnum = "direct" | "group" | "channel";

export type NewConversationRequest = {
  name?: string;
  topic?: string;
  visibility?: ConversationVisibilityEnum;
  /** Who may write. */
  posting?: WhoEnum;
  /** Who may bring people in. */
  inviting?: WhoEnum;
  edit_seconds?: number | null;
  delete_seconds?: number | null;
  retention_days?: number | null;
  /** Whether who comes sees what was said before (`all`), or what is said since (`joined`). */
  history?: HistoryEnum | NullEnum;
  kind?: NewConversationKindEnum;
  /** Who is in it beside oneself; for a direct conversation exactly one. */
  user_ids?: string[];
};

export type NewDomainRequest = {
  name: string;
};

export type NewForwardRequest = {
  account_id?: string;
  address: string;
  /** All mail goes there, once it is confirmed. */
  is_enabled?: boolean;
  /** Without, what went on goes to Trash. */
  keeps_copy?: boolean;
};

export type NewForwardingRequest = {
  /** Markdown. */
  text?: string;
  importance?: ImportanceEnum;
  /** Asks everybody to acknowledge it. */
  needs_ack?: boolean;
  file_ids?: string[];
  /** Made by the client, such as a UUID: sent again, it is the same message. */
  client_id?: string | null;
  /** May be taken back so long. */
  hold_seconds?: number;
  send_at?: string | null;
  /** Where it goes. */
  conversation_id: string;
};

export type NewGrantRequest = {
  user_id?: string;
  group_id?: string;
  right: RightEnum;
};

export type NewGroupRequest = {
  name: string;
  about?: string;
  /** Who may write to it. */
  posting?: PostingEnum;
  /** Reaches every member; null for none. */
  address?: string | null;
};

export type NewInvitationRequest = {
  email: string;
  role?: string;
};

export type NewListRequest = {
  account_id?: string;
  /** Small letters, digits, `.`, `_`, `-`. It stays: links to leave it hold it. */
  name: string;
  /** What its members see as the recipient's name. */
  title: string;
};

export type NewMailEnum = "all" | "inbox" | "none";

export type NewMailboxRequest = {
  account_id?: string;
  name: string;
  parent_id?: string | null;
};

export type NewMembersRequest = {
  /** One to a line: an address, `Name <address>`, or a row of a spreadsheet. */
  people: string;
  /** How they said yes; kept beside each of them. */
  consent: string;
};

export type NewMessageInRequest = {
  /** Markdown. */
  text?: string;
  importance?: ImportanceEnum;
  /** Asks everybody to acknowledge it. */
  needs_ack?: boolean;
  file_ids?: string[];
  /** Made by the client, such as a UUID: sent again, it is the same message. */
  client_id?: string | null;
  /** May be taken back so long. */
  hold_seconds?: number;
  send_at?: string | null;
  thread_id?: string | null;
  /** A message of the conversation that is quoted. */
  reply_to?: string | null;
  conversation_id: string;
};

/** A draft that is sent without having been saved. */
export type NewMessageRequest = {
  account_id?: string | null;
  identity_id?: string | null;
  to?: DraftAddressRequest[];
  cc?: DraftAddressRequest[];
  bcc?: DraftAddressRequest[];
  subject?: string;
  html?: string | null;
  text?: string | null;
  attachments?: DraftPieceRequest[];
  reply_to_email_id?: string | null;
  forward_of_email_id?: string | null;
  /** Ask each recipient to say that they have read it (RFC 8098). */
  asks_read?: boolean;
  /** Ask each server to say that it has arrived (RFC 3461). */
  asks_delivery?: boolean;
  hold_seconds?: number;
  /** The name of a list of yours: each recipient can leave it by one click, and who has is passed over. */
  list?: string;
};

export type NewNotificationRequest = {
  title: string;
  body?: string;
  /** `everybody` needs `organisation.manage`. */
  to?: ToEnum;
};

export type NewNotificationRuleRequest = {
  source: SourceEnum;
  /** An address, `@domain`, a person's id; a word; the id of a place. */
  value: string;
  /** `urgent` breaks through quiet hours; `named` is for conversations. */
  level: NotificationLevelEnum;
};

export type NewOutsiderRequest = {
  address: string;
  name: string;
  /** Each message as a mail, or a digest. */
  mode?: ModeEnum;
};

export type NewParticipantsRequest = {
  user_ids: string[];
};

export type NewPerson = {
  id: string;
  email: string;
};

export type NewPushDeviceRequest = {
  endpoint: string;
  keys: PushKeysRequest;
};

export type NewReactionRequest = {
  emoji: string;
  is_on?: boolean;
};

export type NewReplyRequest = {
  /** Markdown. */
  text?: string;
  importance?: ImportanceEnum;
  /** Asks everybody to acknowledge it. */
  needs_ack?: boolean;
  file_ids?: string[];
  /** Made by the client, such as a UUID: sent again, it is the same message. */
  client_id?: string | null;
  /** May be taken back so long. */
  hold_seconds?: number;
  send_at?: string | null;
  /** Below the message; else in the timeline. */
  in_thread?: boolean;
};

export type NewReportRequest = {
  reason: ReportReasonEnum;
  note?: string;
};

export type NewRoleRequest = {
  name: string;
  permissions: PermissionsEnum[];
};

export type NewRuleRequest = {
  account_id?: string;
  name: string;
  is_enabled?: boolean;
  position?: number;
  match?: MatchEnum;
  conditions: ConditionBodyRequest[];
  actions: ActionBodyRequest[];
};

export type NewSenderOfAllRequest = {
  /** An address, or a domain with all below it. */
  value: string;
  list: ListEnum;
};

export type NewSenderRequest = {
  account_id?: string;
  /** An address, or a domain with all below it. */
  value: string;
  list: ListEnum;
};

export type NewSignatureRequest = {
  account_id?: string;
  name: string;
  html: string;
  /** The addresses that begin with it. */
  identity_ids?: string[];
};

export type NewTemplateRequest = {
  account_id?: string;
  /** For everybody in the organisation. */
  is_shared?: boolean;
  name: string;
  subject?: string;
  /** In `subject` and `html` `{{name}}`, `{{first_name}}`, `{{email}}` and `{{domain}}` are the recipient's. */
  html: string;
};

export type NewUserRequest = {
  email: string;
  name?: string;
  /** Without one the person cannot log in until they recover the account. */
  password?: string;
  /** A built-in name, or a role's id. */
  role?: string;
};

export type NewWebhookRequest = {
  /** https, at a public address. */
  url: string;
  events: EventsEnum[];
  description?: string;
  /** One's own mail, or (administrators) all of the organisation's, then without names and subjects. */
  scope?: ScopeEnum;
};

export type NotesPiece = {
  id: string;
  /** To follow it from, on the stream or at its `changes/`. */
  state: string;
  /** Older ones are at its `messages/?before=`. */
  has_older: boolean;
  /** One has read so far; null where one takes no part yet. */
  read_number: number | null;
  threads: ChatThread[];
};

export type NotesPlace = {
  account_id: string;
  thread_id: string;
};

export type NotesReader = {
  id: string;
  name: string;
  right: RightEnum;
};

/** What goes out; nothing is read by it. */
export type NoticeRow = {
  id: string;
  kind: string;
  via: string;
  client: string;
  ip: string;
  created_at: string;
};

export type NotificationAbout = {
  /** `mail`: an e-mail, `in` its thread. */
  room: string;
  id: string;
  in: string;
};

export type NotificationDecision = {
  id: string;
  at: string;
  kind: NotificationKindEnum;
  about: NotificationAbout | null;
  title: string;
  level: NotificationOutcomeEnum;
  is_told: boolean;
  is_pushed: boolean;
  reasons: NotificationReason[];
};

export type NotificationDecisions = {
  items: NotificationDecision[];
  next: string | null;
};

export type NotificationKindEnum = "mail" | "message" | "announcement" | "test" | "reminder";

export type NotificationLevelEnum = "none" | "named" | "list" | "push" | "urgent";

export type NotificationOutcomeEnum = "none" | "list" | "push" | "urgent";

export type NotificationPage = {
  items: NotificationShape[];
  next: string | null;
  /** Of all; beyond 999 nobody counts. */
  unread: number;
  /** The `seq` that the log has reached. */
  state: string;
};

export type NotificationReason = {
  code: string;
  text: string;
};

export type NotificationRule = {
  id: string;
  source: SourceEnum;
  value: string;
  level: NotificationLevelEnum;
  created_at: string;
};

export type NotificationRules = {
  items: NotificationRule[];
};

export type NotificationSent = {
  /** One's own; null where a rule keeps it silent. */
  notification: NotificationShape | null;
};

export type NotificationSettings = {
  new_mail: NewMailEnum;
  messages: MessagesEnum;
  by_push: boolean;
  sound: boolean;
  /** Whether a push says what it is of, or only that there is one. */
  shows_content: boolean;
  quiet_hours: QuietSpan[];
  /** Of the profile (`PATCH /api/v1/users/me/`). */
  time_zone: string;
  dnd_until: string | null;
  letters_to: LettersToEnum;
  mail_letter_minutes: number | null;
  message_letter_minutes: number | null;
  digest_at: string | null;
};

export type NotificationShape = {
  id: string;
  /** Its place in the log of one's notifications; grows with every change. */
  seq: string;
  kind: NotificationKindEnum;
  /** What it is called on devices. */
  tag: string;
  about: NotificationAbout | null;
  title: string;
  body: string;
  urgency: UrgencyEnum;
  /** How often it was told. */
  times: number;
  created_at: string;
  is_read: boolean;
  read_at: string | null;
};

export type Notifications = {
  new_mail?: NewMailEnum;
  messages?: MessagesEnum;
  by_email?: boolean;
  by_push?: boolean;
  sound?: boolean;
  quiet_from?: string | null;
  quiet_to?: string | null;
};

export type NotificationsRequest = {
  new_mail?: NewMailEnum;
  messages?: MessagesEnum;
  by_email?: boolean;
  by_push?: boolean;
  sound?: boolean;
  quiet_from?: string | null;
  quiet_to?: string | null;
};

export type NullEnum = null;

export type OAuthClientBodyRequest = {
  name: string;
  redirect_uris: string[];
  scopes: string[];
  is_public?: boolean;
};

export type OAuthClientList = {
  items: OAuthClientRow[];
};

export type OAuthClientRow = {
  id: string;
  client_id: string;
  name: string;
  redirect_uris: string[];
  scopes: string[];
  is_public: boolean;
  created_at: string;
};

/** The parameters of the browser's address, as they came. */
export type OAuthDecisionRequest = {
  client_id: string;
  redirect_uri: string;
  response_type?: string;
  scope?: string;
  state?: string;
  nonce?: string;
  code_challenge?: string;
  code_challenge_method?: string;
  prompt?: string;
  response_mode?: string;
  approve: boolean;
};

/** RFC 6749 §5.2. */
export type OAuthError = {
  error: string;
  error_description?: string;
};

/** What to ask the person; with `redirect_to` there is nothing to ask, and the browser goes there. */
export type OAuthQuestion = {
  client_name: string;
  scopes: OAuthScopeRow[];
  redirect_host: string;
  redirect_to: string | null;
};

export type OAuthRedirect = {
  redirect_to: string;
};

/** The parameters of the browser's address, as they came. */
export type OAuthRequestBodyRequest = {
  client_id: string;
  redirect_uri: string;
  response_type?: string;
  scope?: string;
  state?: string;
  nonce?: string;
  code_challenge?: string;
  code_challenge_method?: string;
  prompt?: string;
  response_mode?: string;
};

export type OAuthScopeRow = {
  scope: string;
  description: string;
};

export type OAuthTokenFormRequest = {
  client_id?: string;
  client_secret?: string;
  grant_type: GrantTypeEnum;
  code?: string;
  redirect_uri?: string;
  code_verifier?: string;
  refresh_token?: string;
  scope?: string;
};

export type OAuthTokenGivenRequest = {
  client_id?: string;
  client_secret?: string;
  token: string;
};

export type OAuthTokens = {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
  refresh_token?: string;
  id_token?: string;
};

export type Offer = {
  domain: string;
  by: ByEnum;
};

export type Offers = {
  items: Offer[];
};

export type OnlyEnum = "mail" | "messages";

export type OpEnum = "contains" | "is" | "starts" | "ends" | "matches" | "exists" | "over" | "under";

export type OrganisationShape = {
  id: string;
  name: string;
  created_at: string;
  default_domain: string | null;
  min_password: number;
  requires_mfa: boolean;
  sign_up: SignUpEnum | NullEnum;
  sign_up_domains: string[];
  sign_up_role: string | null;
};

export type OutsiderChangeStateEnum = "active" | "paused";

export type OutsiderList = {
  items: OutsiderShape[];
};

export type OutsiderShape = {
  id: string;
  conversation_id: string;
  address: string;
  name: string;
  mode: ModeEnum;
  state: OutsiderShapeStateEnum;
  /** Why it is paused: `bounced` or `by_hand`. */
  reason: string | null;
  invited_by: string | null;
  created_at: string;
  /** Answers by programs, and other mail that went nowhere. */
  dropped: number;
};

export type OutsiderShapeStateEnum = "invited" | "active" | "paused" | "left";

export type OwnAddress = {
  id: string;
  email: string;
  is_primary: boolean;
};

export type OwnAddresses = {
  items: OwnAddress[];
};

export type OwnChanges = {
  since: string;
  state: string;
  has_more: boolean;
  conversations: OwnPlace[];
  follows: ThreadFollow[];
  marks: ChatMark[];
  drafts: ChatDraft[];
  scheduled: ScheduledMessage[];
  reminders: Reminder[];
};

export type OwnPlace = {
  conversation_id: string;
  role: ParticipantRoleEnum;
  left_at: string | null;
  /** One has read up to here in the main timeline. */
  read_number: number;
  delivered_number: number;
  /** The pointer stays until the conversation is reopened. */
  is_marked_unread: boolean;
  level: ParticipantLevelEnum;
  muted_until: string | null;
  is_favourite: boolean;
  folder: string;
  /** Out of the list while nothing newer is there; 0 for never. */
  hidden_number: number;
  /** Up to this number messages are from before one came, and not there for one while the conversation is private; 0: all are. */
  shown_after: number;
  own_seq: string;
};

export type Pair = {
  access: string;
  refresh: string;
};

export type Participant = {
  id: string;
  user_id: string | null;
  name: string;
  role: ParticipantRoleEnum;
  joined_at: string;
  left_at: string | null;
  /** In conversations of few, unless it is hidden. */
  read_number: number | null;
  delivered_number: number | null;
  seq: string;
};

export type ParticipantChangeRoleEnum = "owner" | "admin" | "member";

export type ParticipantLevelEnum = "default" | "all" | "mentions" | "nothing";

export type ParticipantRoleEnum = "owner" | "admin" | "member" | "guest";

export type Participants = {
  items: Participant[];
  next: string | null;
};

export type PasskeyBodyRequest = {
  challenge: string;
  credential: { [name: string]: unknown };
  name: string;
};

/** What goes out; nothing is read by it. */
export type PasskeyRow = {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
};

export type PasswordChangeRequest = {
  current_password: string;
  new_password: string;
  keep_other_sessions?: boolean;
};

export type PatchedAssignmentChangeRequest = {
  /** Somebody who may write drafts of the account; null: nobody. */
  assignee_id?: string | null;
  status?: AssignmentStatusEnum;
};

export type PatchedChatMessageChangeRequest = {
  text?: string;
};

export type PatchedChatSettingsChangeRequest = {
  hides_reading?: boolean;
  /** Who may open a direct conversation with one. */
  direct_from?: DirectFromEnum;
};

export type PatchedChatThreadChangeRequest = {
  title?: string;
  is_resolved?: boolean;
};

export type PatchedConversationChangeRequest = {
  name?: string;
  topic?: string;
  visibility?: ConversationVisibilityEnum;
  /** Who may write. */
  posting?: WhoEnum;
  /** Who may bring people in. */
  inviting?: WhoEnum;
  edit_seconds?: number | null;
  delete_seconds?: number | null;
  retention_days?: number | null;
  /** Whether who comes sees what was said before (`all`), or what is said since (`joined`). */
  history?: HistoryEnum | NullEnum;
};

export type PatchedConversationPolicyChangeRequest = {
  edit_seconds?: number | null;
  delete_seconds?: number | null;
  hides_revisions?: boolean;
  hides_reading?: boolean;
  retention_days?: number | null;
  /** Keeps what is deleted, everywhere. */
  is_held?: boolean;
  exporting?: ExportingEnum;
  /** Links are looked at for previews. */
  shows_previews?: boolean;
  /** Also those in what people outside write by mail. */
  shows_outside_previews?: boolean;
  /** Who may open channels; `admins`: who manages them. */
  creating?: WhoEnum;
  /** Whether newcomers of groups and private channels see what was said before; a conversation may say otherwise. */
  history?: HistoryEnum;
};

export type PatchedDeskChangeRequest = {
  /** When somebody else writes in a thread that was done: it is open again and its assignee's (`assignee`), open again and nobody's (`nobody`), or stays done (`never`). */
  reopening?: ReopeningEnum;
};

export type PatchedDomainChangeRequest = {
  catch_all?: string | null;
};

export type PatchedEmailChangeRequest = {
  is_seen?: boolean;
  is_flagged?: boolean;
  is_answered?: boolean;
  keywords?: string[];
};

export type PatchedFolderChangeRequest = {
  folder?: string;
  /** Empty: its conversations lie in no folder. */
  name?: string;
};

export type PatchedForwardChangeRequest = {
  is_enabled?: boolean;
  keeps_copy?: boolean;
};

export type PatchedGroupChangeRequest = {
  name?: string;
  about?: string;
  /** Who may write to it. */
  posting?: PostingEnum;
  /** Reaches every member; null for none. */
  address?: string | null;
};

export type PatchedIdentityChangeRequest = {
  name?: string;
  signature_html?: string;
};

export type PatchedJunkChangeRequest = {
  account_id?: string;
  /** Whether the filter files; null takes what stands above. */
  is_enabled?: boolean | null;
  /** The score from which on mail is junk; null takes what stands above. */
  threshold?: number | null;
};

export type PatchedJunkOfAllChangeRequest = {
  /** Whether the filter files; null takes what stands above. */
  is_enabled?: boolean | null;
  /** The score from which on mail is junk; null takes what stands above. */
  threshold?: number | null;
  /** The score from which on mail is refused in the dialogue; null refuses none. */
  refuse_at?: number | null;
};

export type PatchedLimitsChangeRequest = {
  /** Of one person in a day. */
  messages?: number;
  /** People outside that the account never wrote to before, of one person in a day. */
  new_recipients?: number;
  /** Of all together in a day. */
  all_messages?: number;
  /** Of all together in a day. */
  all_new_recipients?: number;
  /** Whether mail is held when an account sends like a stolen one. */
  is_watched?: boolean;
};

export type PatchedListChangeRequest = {
  title?: string;
};

export type PatchedMailboxChangeRequest = {
  name?: string;
  parent_id?: string | null;
  is_subscribed?: boolean;
  retention_days?: number | null;
};

export type PatchedManagedChangeRequest = {
  retention_days?: number | null;
  is_held?: boolean;
};

export type PatchedMyselfChangeRequest = {
  name?: string;
  display_name?: string;
  title?: string;
  department?: string;
  phone?: string;
  pronouns?: string;
  location?: string;
  about?: string;
  links?: LinkRequest[];
  locale?: string;
  /** A name of the IANA database. */
  time_zone?: string;
  notifications?: NotificationsRequest;
  visibility?: VisibilityEnum;
  hides_activity?: boolean;
  /** One is not shown others either, then. */
  hides_online?: boolean;
  hides_email?: boolean;
  status?: StatusRequest | null;
};

export type PatchedNameBodyRequest = {
  name?: string;
};

export type PatchedNotificationChangeRequest = {
  is_read?: boolean;
};

export type PatchedNotificationSettingsChangeRequest = {
  new_mail?: NewMailEnum;
  messages?: MessagesEnum;
  by_push?: boolean;
  sound?: boolean;
  shows_content?: boolean;
  quiet_hours?: QuietSpanRequest[];
  dnd_until?: string | null;
  letters_to?: LettersToEnum;
  mail_letter_minutes?: number | null;
  message_letter_minutes?: number | null;
  digest_at?: string | null;
};

export type PatchedOrganisationChangeRequest = {
  name?: string;
  default_domain?: string;
  /** Who may make an account: anybody, who has an address in `sign_up_domains`, who is invited, nobody. */
  sign_up?: SignUpEnum;
  sign_up_domains?: string[];
  sign_up_role?: string;
  min_password?: number;
  requires_mfa?: boolean;
};

export type PatchedOutsiderChangeRequest = {
  name?: string;
  mode?: ModeEnum;
  state?: OutsiderChangeStateEnum;
};

export type PatchedOwnChangeRequest = {
  level?: ParticipantLevelEnum;
  muted_until?: string | null;
  is_favourite?: boolean;
  folder?: string;
  /** Out of the list until something new comes. */
  is_hidden?: boolean;
};

export type PatchedParticipantChangeRequest = {
  role?: ParticipantChangeRoleEnum;
};

export type PatchedProfileChangeRequest = {
  name?: string;
  preferences?: { [name: string]: unknown };
  imap_off?: ImapOffEnum[];
};

export type PatchedPutOffRequest = {
  send_at?: string;
};

export type PatchedReadChangeRequest = {
  ids?: string[];
  read?: boolean;
};

export type PatchedReportDecisionRequest = {
  state?: ReportDecisionStateEnum;
};

export type PatchedRoleChangeRequest = {
  name?: string;
  permissions?: PermissionsEnum[];
};

export type PatchedRuleChangeRequest = {
  match?: MatchEnum;
  conditions?: ConditionBodyRequest[];
  actions?: ActionBodyRequest[];
  name?: string;
  is_enabled?: boolean;
  position?: number;
};

export type PatchedScheduleChangeRequest = {
  every_days?: number | null;
};

export type PatchedSignatureChangeRequest = {
  name?: string;
  html?: string;
  /** The addresses that begin with it. */
  identity_ids?: string[];
};

export type PatchedStarChangeRequest = {
  ids?: string[];
  star?: boolean;
};

export type PatchedTemplateChangeRequest = {
  name?: string;
  subject?: string;
  /** In `subject` and `html` `{{name}}`, `{{first_name}}`, `{{email}}` and `{{domain}}` are the recipient's. */
  html?: string;
};

export type PatchedUserChangeRequest = {
  name?: string;
  role?: string;
  is_active?: boolean;
};

export type PatchedVacationChangeRequest = {
  is_enabled?: boolean;
  /** Null: from now on. */
  from_at?: string | null;
  /** Null: until it is switched off. */
  until_at?: string | null;
  /** `Auto:` and the subject of what is answered, if empty. */
  subject?: string;
  text?: string;
  /** A sender is answered once in so many. */
  days?: number;
};

export type PatchedWebhookChangeRequest = {
  url?: string;
  events?: EventsEnum[];
  description?: string;
  is_enabled?: boolean;
};

export type PermissionList = {
  items: PermissionShape[];
};

export type PermissionShape = {
  name: string;
  meaning: string;
};

export type PermissionsEnum = "accounts.manage" | "audit.read" | "conversations.join" | "conversations.manage" | "conversations.use" | "domains.manage" | "groups.manage" | "mail.read" | "mail.send" | "mail.write" | "organisation.manage" | "organisation.own" | "roles.manage" | "users.invite" | "users.manage" | "users.read" | "webhooks.manage";

export type PostingEnum = "everybody" | "organisation" | "members";

/** RFC 9457. `code` is stable; `pointer` is an RFC 6901 pointer into the body. */
export type Problem = {
  /** The page of the code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  retry_after_seconds?: number;
  /** What the second half of a log-in is given with. */
  challenge?: string;
  /** What may be given as the second factor, the best first. */
  methods?: ("passkey" | "totp" | "recovery_code")[];
  /** The question for `navigator.credentials`. */
  passkey?: { [name: string]: unknown } | null;
  expires_in_seconds?: number;
  /** The scope that the token lacks. */
  scope?: string;
  limit_bytes?: number;
  "violated-policies"?: string[];
  errors?: {
    pointer: string;
    code: string;
    detail: string;
  }[];
};

export type Proposed = {
  flow: string;
  expires_in_seconds: number;
  forward: ForwardShape;
};

export type ProviderBodyRequest = {
  name: string;
  issuer: string;
  client_id: string;
  client_secret: string;
};

export type ProviderList = {
  items: ProviderRow[];
};

export type ProviderRow = {
  id: string;
  name: string;
  issuer: string;
  client_id: string;
  created_at: string;
};

export type PushDevice = {
  id: string;
  client: string;
  service: string;
  /** Subscribed by the session that asks. */
  is_current: boolean;
  created_at: string;
  last_used_at: string | null;
};

/** What goes out; nothing is read by it. */
export type PushDeviceRow = {
  id: string;
  client: string;
  /** The host of the push service. */
  service: string;
  created_at: string;
  last_used_at: string | null;
  /** Subscribed by this very session. */
  is_current: boolean;
};

export type PushDevices = {
  items: PushDevice[];
  /** The `applicationServerKey` to subscribe with (RFC 8292). */
  public_key: string;
};

export type PushKeysRequest = {
  p256dh: string;
  auth: string;
};

export type Question = {
  challenge: string;
  /** For `navigator.credentials`, as JSON (base64url). */
  options: { [name: string]: unknown };
};

export type QueueActRequest = {
  /** `give_up` tells the sender by mail that it did not arrive. */
  verb: QueueActVerbEnum;
  ids: string[];
};

export type QueueActVerbEnum = "retry" | "hold" | "release" | "give_up";

export type QueueActed = {
  id: string;
  status: number;
  code: string | null;
};

export type QueueResults = {
  results: QueueActed[];
};

export type QuietSpan = {
  /** 0 is Monday. */
  days: number[];
  from: string;
  /** On the next day, where it is not after `from`. */
  to: string;
};

export type QuietSpanRequest = {
  /** 0 is Monday. */
  days: number[];
  from: string;
  /** On the next day, where it is not after `from`. */
  to: string;
};

export type ReadUpToRequest = {
  number?: number;
  delivered_number?: number;
  thread_id?: string | null;
  /** The person opened it just now: what was marked unread counts as read again. */
  is_reopened?: boolean;
};

export type ReceiptAnswerRequest = {
  /** `decline` tells nobody, and is not asked again. */
  answer: AnswerEnum;
};

export type RecordShape = {
  type: string;
  name: string;
  value: string;
  why: string;
};

export type RecoveryAddressShape = {
  email: string | null;
};

export type RecoveryAskRequest = {
  email: string;
};

/** What goes out; nothing is read by it. */
export type RecoveryCodes = {
  /** Shown once; empty when earlier ones still count. */
  recovery_codes: string[];
};

export type RecoveryProofRequest = {
  flow: string;
  code: string;
  password: string;
};

export type RefreshRequest = {
  refresh: string;
};

/** One refusal; `times` where the same came again within some seconds. `sender` is empty for reports. */
export type Refusal = {
  id: string;
  at: string;
  times: number;
  door: DoorEnum;
  peer: string;
  helo: string;
  sender: string;
  recipient: string;
  code: string;
  answer: string;
};

export type RefusalPage = {
  items: Refusal[];
  next: string | null;
};

export type RefusedLine = {
  text: string;
  detail: string;
};

export type RemindAtRequest = {
  remind_at: string;
};

export type Reminder = {
  id: string;
  message_id: string;
  conversation_id: string;
  remind_at: string;
  state: ReminderStateEnum;
  own_seq: string;
};

export type ReminderOfMessage = {
  id: string;
  message_id: string;
  conversation_id: string;
  remind_at: string;
  state: ReminderStateEnum;
  own_seq: string;
  thread_id: string | null;
  /** null where one may not read it any more. */
  message: LastMessage | null;
};

export type ReminderStateEnum = "waiting" | "due" | "done";

export type Reminders = {
  items: ReminderOfMessage[];
};

export type ReopeningEnum = "assignee" | "nobody" | "never";

export type ReportDecisionStateEnum = "dismissed" | "removed";

export type ReportReasonEnum = "spam" | "harassment" | "inappropriate" | "misinformation" | "other";

export type Retention = {
  days: number;
  /** How many have lain there longer. */
  emails: number;
};

export type RevokeAllBodyRequest = {
  keep_current?: boolean;
};

export type RightEnum = "read" | "draft" | "write" | "admin";

export type RoleEnum = "inbox" | "drafts" | "sent" | "archive" | "junk" | "trash";

export type RoleList = {
  items: RoleShape[];
};

export type RoleShape = {
  id: string;
  name: string;
  about: string;
  is_built_in: boolean;
  permissions: string[];
};

export type RotationRequest = {
  /** How long the old secret signs too. */
  keep_hours?: number;
};

export type Rule = {
  id: string;
  account_id: string;
  name: string;
  position: number;
  is_enabled: boolean;
  /** It names a mailbox that is gone, and is passed over. */
  is_broken: boolean;
  match: MatchEnum;
  conditions: RuleCondition[];
  actions: RuleAction[];
  last_run: RuleRun | null;
};

export type RuleAction = {
  do: DoEnum;
  mailbox_id: string | null;
  forward_id: string | null;
  template_id: string | null;
};

export type RuleCondition = {
  field: FieldEnum;
  op: OpEnum;
  value: string;
  header: string;
  size_bytes: number;
  score: number;
  is_negated: boolean;
};

/** A rule that is there, or one that is being written. */
export type RulePreviewRequest = {
  match?: MatchEnum;
  conditions?: ConditionBodyRequest[];
  actions?: ActionBodyRequest[];
  rule_id?: string;
  account_id?: string;
};

export type RulePreviewed = {
  looked_at: number;
  matched: number;
  items: Touched[];
};

export type RuleRun = {
  id: string;
  rule_id: string | null;
  state: RuleRunStateEnum;
  /** E-mails there were when it began, about. */
  total: number;
  looked_at: number;
  changed: number;
  put_back: number;
  can_undo: boolean;
  created_at: string;
};

export type RuleRunStateEnum = "running" | "done" | "undoing" | "undone";

export type Rules = {
  items: Rule[];
};

export type SavedDraft = {
  account_id: string | null;
  identity_id: string | null;
  to: Addr[];
  cc: Addr[];
  bcc: Addr[];
  subject: string;
  html: string | null;
  text: string | null;
  attachments: SavedPiece[];
  reply_to_email_id: string | null;
  forward_of_email_id: string | null;
  asks_read: boolean;
  asks_delivery: boolean;
};

export type SavedPiece = {
  blob_id: string;
  filename: string;
  content_type: string;
  disposition: DispositionEnum;
  content_id?: string | null;
  size_bytes?: number;
};

export type ScheduleShape = {
  /** Null: only by hand. */
  every_days: number | null;
  /** When the newest pair was made. */
  made_at: string | null;
  /** Since when the DNS has been seen to have it. */
  published_at: string | null;
  /** When the next is made, if this one is published. */
  next_at: string | null;
};

export type ScheduledList = {
  items: ScheduledMessage[];
};

export type ScheduledMessage = {
  id: string;
  conversation_id: string;
  content: { [name: string]: unknown };
  client_id: string | null;
  send_at: string;
  state: ScheduledMessageStateEnum;
  /** The code of why it could not be sent. */
  reason: string | null;
  message_id: string | null;
  own_seq: string;
};

export type ScheduledMessageStateEnum = "waiting" | "sent" | "cancelled" | "failed";

export type ScopeEnum = "me" | "organisation";

/** What goes out; nothing is read by it. */
export type ScopeRow = {
  scope: string;
  description: string;
};

/** What goes out; nothing is read by it. */
export type Scopes = {
  items: ScopeRow[];
};

export type ScopesEnum = "imap" | "smtp";

export type SearchAnswer = {
  understood: SearchPart[];
  /** False while the index of words is being made: older ones may be missing. */
  is_complete: boolean;
  /** About how many were found; null where counting would cost. */
  estimate: number | null;
  /** There are at least `estimate`, and counting ended there. */
  is_more: boolean;
};

/** One thing that must hold. The `text` of all, joined by blanks, is the search again. */
export type SearchPart = {
  text: string;
  kind: SearchPartKindEnum;
  /** The operator, such as from; else empty. */
  name: string;
  value: string;
  is_negated: boolean;
  /** Nothing but mail, or nothing but messages, can fit it. */
  only: OnlyEnum | NullEnum;
};

export type SearchPartKindEnum = "words" | "operator" | "group" | "not_understood";

/** What goes out; nothing is read by it. */
export type Security = {
  mfa: Mfa;
  /** Whether no step-up is needed now. */
  is_fresh: boolean;
  sessions: SessionRow[];
  passkeys: PasskeyRow[];
  trusted_browsers: TrustedBrowserRow[];
  app_passwords: AppPasswordRow[];
  tokens: TokenRow[];
  mail_clients: MailClientRow[];
  /** Programs of others that were let in (OAuth). */
  applications: ApplicationRow[];
  /** Each ends with the session that subscribed it. */
  push_devices: PushDeviceRow[];
  notices: NoticeRow[];
};

export type SendingShape = {
  submission_id: string;
  /** In Sent; null when it was deleted since. */
  email_id: string | null;
  subject: string | null;
  state: SendingShapeStateEnum;
  sent_at: string;
  recipients: number;
  waiting: number;
  delivered: number;
  failed: number;
  /** Passed over: they had left the list. */
  left: number;
  /** Passed over: mail there bounced, or they complained. */
  suppressed: number;
  /** Of whom a receipt came. */
  read: number;
  complained: number;
};

export type SendingShapeStateEnum = "held" | "active" | "done";

export type Sendings = {
  items: SendingShape[];
};

export type Sent = {
  email_id: string;
  submission_id: string;
  undo_until: string | null;
};

export type SessionAnswer = {
  access: string;
  user: Me;
  /** The organisation requires a second factor: until one is set up nothing else is open. */
  needs_factor: boolean;
};

/** What goes out; nothing is read by it. */
export type SessionRow = {
  id: string;
  kind: string;
  client: string;
  ip: string;
  created_at: string;
  last_used_at: string;
  has_second_factor: boolean;
  is_current: boolean;
};

export type SharedMailRequest = {
  email_id: string;
  /** What one says about it: Markdown. */
  text?: string;
  /** Made by the client, such as a UUID: sent again, it is the same message. */
  client_id?: string | null;
};

export type SignUpEnum = "open" | "domain" | "invitation" | "closed";

export type SignUpProofRequest = {
  flow: string;
  code: string;
  /** Another, if the first is taken. */
  email?: string;
};

export type SignUpRequest = {
  /** The address one would like to have here. */
  email: string;
  name?: string;
  password: string;
  /** Outside this server; gets the code. */
  recovery_address: string;
};

export type SignatureList = {
  items: SignatureShape[];
};

export type SignatureShape = {
  id: string;
  account_id: string;
  name: string;
  html: string;
  identity_ids: string[];
};

/** Where the words stand, in pieces to be put together; plain text, never HTML. */
export type Snippet = {
  email_id: string;
  subject: SnippetSegment[];
  text: SnippetSegment[];
};

/** A piece of plain text; those with `is_match` are what was searched for. */
export type SnippetSegment = {
  text: string;
  is_match: boolean;
};

export type Somebody = {
  id: string | null;
  name: string;
};

export type SourceEnum = "person" | "keyword" | "conversation" | "mailbox" | "account";

export type SourceShape = {
  /** The address of a server. */
  address: string;
  messages: number;
  /** How many are proved to be of the domain. */
  aligned: number;
  /** How many were filed as junk or refused. */
  kept_away: number;
  /** A domain whose signature held. */
  signed_by: string | null;
  /** A domain that lets the server send (SPF). */
  sent_by: string | null;
  /** How many told of it. */
  reporters: number;
};

export type Spam = {
  /** The sum of all weights. */
  score: number;
  verdict: SpamVerdictEnum;
  /** What was made of it, the weightiest first. */
  signals: SpamSignal[];
};

export type SpamSignal = {
  name: string;
  /** Points; what is below zero speaks for the e-mail. */
  weight: number;
  /** The same in plain words. */
  words: string;
};

export type SpamVerdictEnum = "inbox" | "junk";

export type StatusRequest = {
  text?: string;
  emoji?: string;
  until?: string | null;
};

export type StatusShape = {
  text: string;
  emoji: string;
  until: string | null;
};

export type StepUpQuestion = {
  challenge: string;
  methods: string[];
  passkey: { [name: string]: unknown } | null;
  expires_in_seconds: number;
};

/** The password, for those without a second factor; else the challenge and a proof. */
export type StepUpRequest = {
  challenge?: string;
  totp?: string;
  recovery_code?: string;
  passkey?: { [name: string]: unknown };
  password?: string;
};

export type StopList = {
  items: StopShape[];
};

export type StopShape = {
  id: string;
  user_id: string;
  email: string;
  reason: StopShapeReasonEnum;
  /** Within two hours before. */
  new_recipients: number;
  /** Mails that came back within a day before. */
  failures: number;
  complaints: number;
  /** How many recipients wait for the decision. */
  held: number;
  created_at: string;
  ended_at: string | null;
  outcome: StopShapeOutcomeEnum | NullEnum;
};

export type StopShapeOutcomeEnum = "released" | "discarded";

export type StopShapeReasonEnum = "many_new" | "new_place" | "many_failures" | "complaints";

export type Submission = {
  id: string;
  email_id: string | null;
  state: SubmissionStateEnum;
  undo_until: string | null;
  created_at: string;
  recipients: Delivery[];
};

export type SubmissionChanges = {
  changed: Submission[];
};

export type SubmissionStateEnum = "held" | "active" | "done" | "cancelled";

export type Submissions = {
  items: Submission[];
};

export type SuppressedPage = {
  items: SuppressedShape[];
  next: string | null;
};

export type SuppressedShape = {
  id: string;
  address: string;
  reason: SuppressionReasonEnum;
  /** What the other server said. */
  answer: string | null;
  /** Since when. */
  at: string;
};

export type SuppressionList = {
  items: SuppressionShape[];
};

export type SuppressionReasonEnum = "bounced" | "complained";

export type SuppressionShape = {
  id: string;
  account_id: string;
  list: string;
  address: string;
  at: string;
};

export type TemplateList = {
  items: TemplateShape[];
};

export type TemplateShape = {
  id: string;
  account_id: string | null;
  is_shared: boolean;
  name: string;
  subject: string;
  html: string;
  created_at: string;
};

export type Thread = {
  id: string;
  account_id: string;
  subject: string;
  state: string;
  emails: Email[];
};

export type ThreadAssignment = {
  thread_id: string;
  account_id: string;
  assignee: Assignee | null;
  /** What was done is open again when somebody else has written, if the account wants it so. */
  status: AssignmentStatusEnum;
  changed_by: string | null;
  changed_at: string | null;
  /** 0 where nobody has touched it; its `ETag`. */
  version: number;
};

export type ThreadChanges = {
  changed: ThreadRow[];
  destroyed: string[];
};

export type ThreadFollow = {
  thread_id: string;
  conversation_id: string;
  read_number: number;
  is_following: boolean;
  is_muted: boolean;
  is_marked_unread: boolean;
  own_seq: string;
};

export type ThreadNotes = {
  thread_id: string;
  account_id: string;
  /** The first takes what is written next; there are more where threads were joined that had notes each. */
  conversations: NotesPiece[];
  /** The newest of all of them, in order of time. */
  items: ChatMessage[];
  /** Who may read them: whoever may read the mail; 200 at most. */
  people: NotesReader[];
  people_count: number;
};

export type ThreadPage = {
  items: ListedThread[];
  next: string | null;
  state: string;
  /** Of a list that was searched for. */
  search?: SearchAnswer;
};

export type ThreadRow = {
  id: string;
  account_id: string;
  subject: string;
  preview: string;
  last_at: string;
  email_count: number;
  unread_count: number;
  is_flagged: boolean;
  is_answered: boolean;
  has_attachment: boolean;
  has_draft: boolean;
  senders: Addr[];
  recipients: Addr[];
  mailbox_ids: string[];
  email_ids: string[];
};

export type Ticket = {
  ticket: string;
  expires_in_seconds: number;
};

export type Timeline = {
  items: ChatMessage[];
  /** Those that begin in these messages. */
  threads: ChatThread[];
  has_older: boolean;
  has_newer: boolean;
  /** To go on from, at `changes/?since=`. */
  state: string;
};

export type TlsSummary = {
  reports: number;
  last_at: string | null;
  successes: number;
  failures: number;
  failing: FailingShape[];
};

export type ToEnum = "me" | "everybody";

export type TokenBodyRequest = {
  name: string;
  scopes: string[];
  expires_in_days: number;
};

export type TokenOnlyRequest = {
  token: string;
};

/** What goes out; nothing is read by it. */
export type TokenRow = {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  last_ip: string;
  last_client: string;
};

export type ToldAccountResync = {
  type: string;
  /** When it was read from the log. */
  timestamp: string;
  data: ToldResync;
};

export type ToldDeletion = {
  account_id: string;
  email_id: string;
};

export type ToldDelivery = {
  account_id: string;
  submission_id: string;
  email_id: string | null;
  attempts: number;
  /** Only for an endpoint of the person whose mail it is. */
  recipient?: string;
  /** Only for an endpoint of the person whose mail it is. */
  host?: string | null;
  /** Only for an endpoint of the person whose mail it is. */
  answer?: string | null;
};

export type ToldEmail = {
  account_id: string;
  email_id: string;
  thread_id: string;
  mailbox_ids: string[];
  is_seen: boolean;
  is_flagged: boolean;
  is_answered: boolean;
  keywords: string[];
  /** Only for an endpoint of the person whose mail it is. */
  from?: Addr[];
  /** Only for an endpoint of the person whose mail it is. */
  subject?: string;
  /** Only for an endpoint of the person whose mail it is. */
  received_at?: string;
  /** Only for an endpoint of the person whose mail it is. */
  has_attachment?: boolean;
};

export type ToldEmailChanged = {
  type: string;
  /** When it was read from the log. */
  timestamp: string;
  data: ToldEmail;
};

export type ToldEmailDeleted = {
  type: string;
  /** When it was read from the log. */
  timestamp: string;
  data: ToldDeletion;
};

export type ToldEmailReceived = {
  type: string;
  /** When it was read from the log. */
  timestamp: string;
  data: ToldEmail;
};

export type ToldMessageBounced = {
  type: string;
  /** When it was read from the log. */
  timestamp: string;
  data: ToldDelivery;
};

export type ToldMessageDelivered = {
  type: string;
  /** When it was read from the log. */
  timestamp: string;
  data: ToldDelivery;
};

export type ToldResync = {
  account_id: string;
  state: string;
};

export type ToldTest = {
  endpoint_id: string;
};

export type ToldWebhookTest = {
  type: string;
  /** When it was read from the log. */
  timestamp: string;
  data: ToldTest;
};

export type TopicEnum = "mx" | "address" | "reverse" | "spf" | "dkim" | "dmarc" | "port" | "tls";

export type Touched = {
  email_id: string;
  thread_id: string;
  from: Addr[];
  subject: string;
  received_at: string;
  /** Those met, counted from 0. */
  conditions: number[];
  reason: string;
  /** Where it would have gone on to; nowhere if it came round. */
  forwards_to: string[];
  /** Whether it would have been answered: not lists, programs and oneself. */
  is_answered: boolean;
};

/** What goes out; nothing is read by it. */
export type TrustedBrowserRow = {
  id: string;
  client: string;
  ip: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
};

export type Try = {
  at: string;
  duration_ms: number;
  status: number | null;
  error: string | null;
  /** The first 1,000 characters. */
  answer: string;
};

export type UnreadFromRequest = {
  number: number;
  thread_id?: string | null;
};

export type UnreadThread = {
  id: string;
  conversation_id: string;
  root_id: string;
  title: string;
  reply_count: number;
  last_number: number;
  last_at: string;
  resolved_at: string | null;
  resolved_by: string | null;
  seq: string;
  me: ThreadFollow;
  unread: number;
};

export type UnreadThreads = {
  items: UnreadThread[];
  next: string | null;
};

export type Updated = {
  updated: number;
  state: string;
};

export type UrgencyEnum = "normal" | "urgent";

export type UserList = {
  items: UserShape[];
};

export type UserPage = {
  items: UserShape[];
  next: string | null;
};

export type UserSearchRequest = {
  q: string;
  role?: string;
  group?: string;
  limit?: number;
};

/** What the asker may not see is null or empty. */
export type UserShape = {
  id: string;
  name: string;
  display_name: string;
  email: string | null;
  role: string;
  is_active: boolean;
  /** Signed; `&size=64` gives the small one. */
  avatar_url: string | null;
  title: string;
  department: string;
  phone: string;
  about: string;
  pronouns: string;
  location: string;
  links: Link[];
  locale: string;
  time_zone: string;
  status: StatusShape | null;
  is_online: boolean | null;
  last_seen_at: string | null;
  created_at: string;
  deleted_at: string | null;
};

export type VacationShape = {
  account_id: string;
  is_enabled: boolean;
  /** Whether whoever writes now is answered. */
  is_active: boolean;
  from_at: string | null;
  until_at: string | null;
  subject: string;
  text: string;
  days: number;
};

export type VerifiedByEnum = "dane" | "mta-sts" | "certificate";

export type VisibilityEnum = "organisation" | "groups" | "nobody";

export type WaitingPage = {
  items: WaitingShape[];
  next: string | null;
};

export type WaitingShape = {
  id: string;
  submission_id: string;
  sender: string;
  recipient: string;
  destination: string;
  state: WaitingShapeStateEnum;
  /** `undo`: its sender may still take it back; `admin`: by `hold`; `stop`: with all mail of its sender. */
  held_by: HeldByEnum | NullEnum;
  attempts: number;
  queued_at: string;
  next_attempt_at: string | null;
  host: string | null;
  tls: boolean | null;
  verified_by: VerifiedByEnum | NullEnum;
  answer: string | null;
  reason: DeliveryReasonEnum | NullEnum;
};

export type WaitingShapeStateEnum = "held" | "queued" | "sending" | "retrying";

export type WayEnum = "one_click" | "mail" | "page";

export type WayOut = {
  /** `one_click` and `mail` are done by POST, `page` is for a person to open; null: it came by no list. */
  way: WayEnum | NullEnum;
  /** The host or address that hears of it. */
  target: string;
  page: string | null;
  /** When the list was left after this e-mail came. */
  left_at: string | null;
};

export type Webhook = {
  id: string;
  scope: ScopeEnum;
  url: string;
  description: string;
  events: string[];
  is_enabled: boolean;
  disabled_reason: DisabledReasonEnum | NullEnum;
  failing_since: string | null;
  old_secret_until: string | null;
  created_at: string;
};

export type WebhookDeliveries = {
  items: WebhookDelivery[];
  next: string | null;
};

export type WebhookDelivery = {
  id: string;
  /** The header `webhook-id`, the same at every try. */
  webhook_id: string;
  type: string;
  state: WebhookDeliveryStateEnum;
  attempts: number;
  next_attempt_at: string | null;
  created_at: string;
};

export type WebhookDeliveryInFull = {
  id: string;
  /** The header `webhook-id`, the same at every try. */
  webhook_id: string;
  type: string;
  state: WebhookDeliveryStateEnum;
  attempts: number;
  next_attempt_at: string | null;
  created_at: string;
  body: { [name: string]: unknown };
  tries: Try[];
};

export type WebhookDeliveryStateEnum = "pending" | "delivered" | "failed" | "skipped";

export type WebhookWithSecret = {
  id: string;
  scope: ScopeEnum;
  url: string;
  description: string;
  events: string[];
  is_enabled: boolean;
  disabled_reason: DisabledReasonEnum | NullEnum;
  failing_since: string | null;
  old_secret_until: string | null;
  created_at: string;
  /** `whsec_…`; shown here and never again. */
  secret: string;
};

export type Webhooks = {
  items: Webhook[];
};

export type WhoEnum = "everybody" | "admins";

export type WhoseJunkRequest = {
  account_id?: string;
};

/** Each operation by method and path: what it takes and what it gives. */
export type Operations = {
  /** Where everything is (OpenID Connect Discovery, RFC 8414). */
  "GET /.well-known/openid-configuration": {
    query: undefined;
    body: undefined;
    answer: { [name: string]: unknown };
  };
  /** A token for `X-CSRFToken`, of the cookie's session or, before a log-in, of none. It comes as a cookie too. */
  "GET /api/auth/csrf/": {
    query: undefined;
    body: undefined;
    answer: Csrf;
  };
  /** Log in by cookie. 401 `mfa_required` as at `/api/v1/auth/token/`; go on at `/api/auth/mfa/`. */
  "POST /api/auth/login/": {
    query: undefined;
    body: CredentialsRequest;
    answer: CookieSession;
  };
  /** Log out: the session and its cookies end. */
  "POST /api/auth/logout/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The second half of a log-in by cookie, or all of it by passkey. */
  "POST /api/auth/mfa/": {
    query: undefined;
    body: MfaRequest;
    answer: CookieSession;
  };
  /** The accounts one may use, one's own first; with `accounts.manage` all shared ones. */
  "GET /api/v1/accounts/": {
    query: undefined;
    body: undefined;
    answer: AccountList;
  };
  /** Make a shared account. 409 `address_exists`. */
  "POST /api/v1/accounts/": {
    query: undefined;
    body: NewAccountRequest;
    answer: Account;
  };
  /** Close a shared account now; its mail goes in 14 days. 409 `not_shared`. */
  "DELETE /api/v1/accounts/{account_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What becomes of the threads of an account that were done. */
  "GET /api/v1/accounts/{account_id}/desk/": {
    query: undefined;
    body: undefined;
    answer: Desk;
  };
  /** Change that; for who has the right `admin` on the account. */
  "PATCH /api/v1/accounts/{account_id}/desk/": {
    query: undefined;
    body: PatchedDeskChangeRequest;
    answer: Desk;
  };
  /** Who may use an account beside its owner: for the owner, and who has the right `admin` on it. */
  "GET /api/v1/accounts/{account_id}/grants/": {
    query: undefined;
    body: undefined;
    answer: GrantList;
  };
  /** Let a person or a group use the account, in place of what they were granted before. */
  "POST /api/v1/accounts/{account_id}/grants/": {
    query: undefined;
    body: NewGrantRequest;
    answer: GrantShape;
  };
  /** Take a grant back, or give up one's own. */
  "DELETE /api/v1/accounts/{account_id}/grants/{grant_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Whom one may mean: people written to before, then colleagues. */
  "GET /api/v1/addresses/": {
    query: {
      /** How many at a time. */
      limit?: number;
      q: string;
    };
    body: undefined;
    answer: Addresses;
  };
  /** Threads by whose they are and how far. */
  "GET /api/v1/assignments/": {
    query: {
      /** An account's id; for `mine` all of them if left out, else one's own. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** How many at a time. */
      limit?: number;
      /** `mine`: assigned to oneself and not done. `unassigned` and `open`: of the inbox. `done`: whatever was, the latest first. */
      view?: "done" | "mine" | "open" | "unassigned";
    };
    body: undefined;
    answer: AssignedThreads;
  };
  /** The audit log, newest first: one's own lines; for administrators those of the organisation. */
  "GET /api/v1/audit/": {
    query: {
      /** `login.failed`, or `login.` for the family. */
      act?: string;
      /** Who did it: a user's id. */
      actor?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Not before this moment. */
      from?: string;
      ip?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
      /** Only one's own acts and those on one's account. */
      mine?: boolean;
      /** The object's id. */
      object?: string;
      /** `mailbox`, `email`, `user`, … */
      object_kind?: string;
      outcome?: "ok" | "refused";
      /** Before this moment. */
      to?: string;
      /** The door: `http`, `imap`, `smtp`, `cli`, `job`. */
      via?: string;
    };
    body: undefined;
    answer: AuditPage;
  };
  /** The same lines, all of them, as CSV or JSON lines. Exporting is itself recorded. */
  "GET /api/v1/audit/export/": {
    query: {
      /** `login.failed`, or `login.` for the family. */
      act?: string;
      /** Who did it: a user's id. */
      actor?: string;
      format?: "csv" | "jsonl";
      /** Not before this moment. */
      from?: string;
      ip?: string;
      /** Only one's own acts and those on one's account. */
      mine?: boolean;
      /** The object's id. */
      object?: string;
      /** `mailbox`, `email`, `user`, … */
      object_kind?: string;
      outcome?: "ok" | "refused";
      /** Before this moment. */
      to?: string;
      /** The door: `http`, `imap`, `smtp`, `cli`, `job`. */
      via?: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** One more letter with a fresh code: a minute after the last, and twice at most. The answer is always this. */
  "POST /api/v1/auth/codes/resend/": {
    query: undefined;
    body: FlowOnlyRequest;
    answer: Flow;
  };
  /** Which outside log-ins there are for an address's domain; says nothing of the address itself. */
  "POST /api/v1/auth/external/": {
    query: undefined;
    body: ExternalEmailRequest;
    answer: ExternalChoices;
  };
  /** Where to send the browser. It comes back to `/login/external` with `code` and `state`. */
  "POST /api/v1/auth/external/begin/": {
    query: undefined;
    body: ExternalBeginRequest;
    answer: ExternalBegun;
  };
  /** The second half of a log-in: a challenge and one proof. Or a passkey alone (`/auth/passkey/options/`). */
  "POST /api/v1/auth/mfa/": {
    query: undefined;
    body: MfaRequest;
    answer: Pair;
  };
  /** Begin a log-in by passkey alone; the answer goes to `/auth/mfa/`. */
  "POST /api/v1/auth/passkey/options/": {
    query: undefined;
    body: undefined;
    answer: Question;
  };
  /** Change one's password. Other sessions, trusted browsers and mail clients end unless `keep_other_sessions`. */
  "POST /api/v1/auth/password/change/": {
    query: undefined;
    body: PasswordChangeRequest;
    answer: undefined;
  };
  /** Ask for a code to one's recovery address. The answer is the same whether there is such a person or not. */
  "POST /api/v1/auth/recovery/": {
    query: undefined;
    body: RecoveryAskRequest;
    answer: Flow;
  };
  /** Choose a new password with the code; every session ends, a second factor stays. 400 `wrong_code`. */
  "POST /api/v1/auth/recovery/confirm/": {
    query: undefined;
    body: RecoveryProofRequest;
    answer: undefined;
  };
  /** Log in from the browser: the refresh token comes as a cookie that no script can read. 401 `mfa_required` as at `/auth/token/`; go on at `/auth/session/mfa/`. */
  "POST /api/v1/auth/session/": {
    query: undefined;
    body: CredentialsRequest;
    answer: SessionAnswer;
  };
  /** Log out: the session and its cookie end. */
  "DELETE /api/v1/auth/session/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Back from the provider: a session, or 401 `mfa_required` for those with a second factor here. */
  "POST /api/v1/auth/session/external/": {
    query: undefined;
    body: ExternalFinishRequest;
    answer: SessionAnswer;
  };
  /** The second half of a log-in from the browser, or all of it by passkey. */
  "POST /api/v1/auth/session/mfa/": {
    query: undefined;
    body: MfaRequest;
    answer: SessionAnswer;
  };
  /** Go on with the cookie's session; 401 when there is none. */
  "POST /api/v1/auth/session/refresh/": {
    query: undefined;
    body: undefined;
    answer: SessionAnswer;
  };
  /** The domains in which one may make an account uninvited. */
  "GET /api/v1/auth/signup/": {
    query: undefined;
    body: undefined;
    answer: Offers;
  };
  /** Ask for an account; a code goes to the address outside. 403 `sign_up_closed`. */
  "POST /api/v1/auth/signup/": {
    query: undefined;
    body: SignUpRequest;
    answer: Flow;
  };
  /** Make the account with the code. 400 `wrong_code`, 409 `address_exists` (try again with another `email`). */
  "POST /api/v1/auth/signup/verify/": {
    query: undefined;
    body: SignUpProofRequest;
    answer: NewPerson;
  };
  /** Prove once more who sits there: for ten minutes the session may do what answers `step_up_required`. */
  "POST /api/v1/auth/step-up/": {
    query: undefined;
    body: StepUpRequest;
    answer: undefined;
  };
  /** What counts as a fresh proof for the one who asks, and the challenge to give it with. */
  "POST /api/v1/auth/step-up/options/": {
    query: undefined;
    body: undefined;
    answer: StepUpQuestion;
  };
  /** A one-time ticket for the WebSocket, good for half a minute. */
  "POST /api/v1/auth/ticket/": {
    query: undefined;
    body: undefined;
    answer: Ticket;
  };
  /** Log in: an access token for ten minutes and a refresh token. 401 `mfa_required` for those with a second factor: it has a `challenge` and the `methods` for `/auth/mfa/`. */
  "POST /api/v1/auth/token/": {
    query: undefined;
    body: CredentialsRequest;
    answer: Pair;
  };
  /** Exchange a refresh token for the next pair. Using one twice ends the session. */
  "POST /api/v1/auth/token/refresh/": {
    query: undefined;
    body: RefreshRequest;
    answer: Pair;
  };
  /** Upload a file as the raw body. 413 `too_large` above `max_attachment_bytes`. */
  "POST /api/v1/blobs/": {
    query: {
      filename?: string;
    };
    body: Blob;
    answer: UploadedBlob;
  };
  /** Begin an attachment that comes in pieces (tus 1.0); `Location` is where they go. */
  "POST /api/v1/blobs/uploads/": {
    query: undefined;
    body: undefined;
    answer: MailUpload;
  };
  /** How far it has come, and the blob that it became. */
  "GET /api/v1/blobs/uploads/{upload_id}/": {
    query: undefined;
    body: undefined;
    answer: MailUpload;
  };
  /** The next piece, durable when it is answered. 409 `wrong_offset`: ask by HEAD where it goes on. */
  "PATCH /api/v1/blobs/uploads/{upload_id}/": {
    query: undefined;
    body: Blob;
    answer: undefined;
  };
  /** Throw away what came; what is whole stays. */
  "DELETE /api/v1/blobs/uploads/{upload_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What changed since a state. 410 `cannot_calculate_changes`: fetch everything again. */
  "GET /api/v1/changes/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** E-mails at a time, about. */
      limit?: number;
      /** `state` of an earlier answer. */
      since: string;
    };
    body: undefined;
    answer: Changes;
  };
  /** One's own conversations, the one written in last first; with `open` the organisation's open channels. */
  "GET /api/v1/conversations/": {
    query: {
      /** Only archived ones; without it only the others. */
      archived?: boolean;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("archived_at" | "created_at" | "created_by" | "delete_seconds" | "edit_seconds" | "history" | "id" | "inviting" | "kind" | "last" | "last_at" | "last_number" | "me" | "members" | "name" | "posting" | "retention_days" | "seq" | "topic" | "visibility" | "with")[];
      /** Those that were put out of the list too. */
      hidden?: boolean;
      kind?: "channel" | "direct" | "group";
      /** How many at a time. */
      limit?: number;
      /** Channels that one may join, in or not. */
      open?: boolean;
      /** With `open`: words of the name or the topic. */
      q?: string;
    };
    body: undefined;
    answer: Conversations;
  };
  /** Open a conversation. A direct one that is there already is given (200). 404 for people one does not see. */
  "POST /api/v1/conversations/": {
    query: undefined;
    body: NewConversationRequest;
    answer: Conversation | Conversation;
  };
  /** One conversation and one's own place in it. */
  "GET /api/v1/conversations/{conversation_id}/": {
    query: undefined;
    body: undefined;
    answer: Conversation;
  };
  /** Change its name, its topic or its policies; for its admins. */
  "PATCH /api/v1/conversations/{conversation_id}/": {
    query: undefined;
    body: PatchedConversationChangeRequest;
    answer: Conversation;
  };
  /** Delete it with all that was said, for everybody; for its owners. 409 `conversation_held`. */
  "DELETE /api/v1/conversations/{conversation_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Close it for writing. */
  "POST /api/v1/conversations/{conversation_id}/archive/": {
    query: undefined;
    body: undefined;
    answer: Conversation;
  };
  /** Open it for writing again. */
  "DELETE /api/v1/conversations/{conversation_id}/archive/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What changed since a state: states to be put in the place of older ones. 410 `cannot_calculate_changes`. */
  "GET /api/v1/conversations/{conversation_id}/changes/": {
    query: {
      /** Rows of each kind at a time, about. */
      limit?: number;
      /** `state` of an earlier answer. */
      since: string;
    };
    body: undefined;
    answer: ConversationChanges;
  };
  /** What one is writing here (or in a thread of it), for all one's devices; null content throws it away. */
  "PUT /api/v1/conversations/{conversation_id}/draft/": {
    query: undefined;
    body: DraftSavedRequest;
    answer: undefined;
  };
  /** Take it out: messages as JSON lines with their files, in a zip that is made by and by and kept for a day. */
  "POST /api/v1/conversations/{conversation_id}/export/": {
    query: undefined;
    body: undefined;
    answer: ChatExport;
  };
  /** Keep what is deleted in this conversation (`conversations.manage`). */
  "POST /api/v1/conversations/{conversation_id}/hold/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** End the hold. */
  "DELETE /api/v1/conversations/{conversation_id}/hold/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Come into a channel that is open to all. */
  "POST /api/v1/conversations/{conversation_id}/join/": {
    query: undefined;
    body: undefined;
    answer: Conversation;
  };
  /** Go out of it. Nobody leaves a direct conversation; it is hidden at `me/`. */
  "POST /api/v1/conversations/{conversation_id}/leave/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Say a mail in a conversation: its subject, its beginning, and a link for those who may read it. A token needs `mail:read` too. */
  "POST /api/v1/conversations/{conversation_id}/mail/": {
    query: undefined;
    body: SharedMailRequest;
    answer: ChatMessage | ChatMessage;
  };
  /** The mail thread that notes are on, as it is called now; 404 for other conversations. */
  "GET /api/v1/conversations/{conversation_id}/mail-thread/": {
    query: undefined;
    body: undefined;
    answer: NotesPlace;
  };
  /** One's own place in it: what one hears of it, mute, favourite, folder, out of the list. */
  "PATCH /api/v1/conversations/{conversation_id}/me/": {
    query: undefined;
    body: PatchedOwnChangeRequest;
    answer: OwnPlace;
  };
  /** A piece of the timeline, in order: the newest messages, or those beside a number. */
  "GET /api/v1/conversations/{conversation_id}/messages/": {
    query: {
      /** Messages after this number. */
      after?: number;
      /** Messages on both sides of this number, such as the first unread one. */
      around?: number;
      /** Messages before this number. */
      before?: number;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("ack_count" | "attachments" | "author" | "client_id" | "conversation_id" | "created_at" | "deleted_at" | "edited_at" | "event" | "forwarded_from" | "html" | "id" | "importance" | "kind" | "mentions" | "needs_ack" | "number" | "pinned_at" | "pinned_by" | "previews" | "reactions" | "reply_to" | "revisions" | "seq" | "text" | "thread_id")[];
      /** How many at a time. */
      limit?: number;
      /** The messages of this thread; the main timeline without it. */
      thread?: string;
    };
    body: undefined;
    answer: Timeline;
  };
  /** Send a message. Again with the same `client_id` it is the same one (200); with `hold_seconds` or `send_at` it waits (202). */
  "POST /api/v1/conversations/{conversation_id}/messages/": {
    query: undefined;
    body: NewChatMessageRequest;
    answer: ChatMessage | ChatMessage | ScheduledMessage;
  };
  /** Who takes part by mail, or did. */
  "GET /api/v1/conversations/{conversation_id}/outside/": {
    query: undefined;
    body: undefined;
    answer: OutsiderList;
  };
  /** Bring somebody in by their e-mail address. 403 `step_up_required`. */
  "POST /api/v1/conversations/{conversation_id}/outside/": {
    query: undefined;
    body: NewOutsiderRequest;
    answer: OutsiderShape;
  };
  /** Another name or rhythm; `paused` sends nothing until it is `active` again. */
  "PATCH /api/v1/conversations/{conversation_id}/outside/{outsider_id}/": {
    query: undefined;
    body: PatchedOutsiderChangeRequest;
    answer: OutsiderShape;
  };
  /** Send them away: their address leads nowhere any more, at once. */
  "DELETE /api/v1/conversations/{conversation_id}/outside/{outsider_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** End all addresses that they were given; the next mail brings another. 403 `step_up_required`. */
  "POST /api/v1/conversations/{conversation_id}/outside/{outsider_id}/renew/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Mail that is not proved to be from the person whose address it came to; for admins, 200 at most. */
  "GET /api/v1/conversations/{conversation_id}/outside/held/": {
    query: undefined;
    body: undefined;
    answer: HeldList;
  };
  /** Throw it away. */
  "DELETE /api/v1/conversations/{conversation_id}/outside/held/{held_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Let it in, under the name of the person whose address it came to. */
  "POST /api/v1/conversations/{conversation_id}/outside/held/{held_id}/release/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Who is in it, in the order of coming. */
  "GET /api/v1/conversations/{conversation_id}/participants/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("delivered_number" | "id" | "joined_at" | "left_at" | "name" | "read_number" | "role" | "seq" | "user_id")[];
      /** How many at a time. */
      limit?: number;
    };
    body: undefined;
    answer: Participants;
  };
  /** Bring people in, as far as the conversation lets one. 404 if one of them is not to be seen. */
  "POST /api/v1/conversations/{conversation_id}/participants/": {
    query: undefined;
    body: NewParticipantsRequest;
    answer: Added;
  };
  /** Give somebody another role. */
  "PATCH /api/v1/conversations/{conversation_id}/participants/{user_id}/": {
    query: undefined;
    body: PatchedParticipantChangeRequest;
    answer: undefined;
  };
  /** Put somebody out, or oneself. */
  "DELETE /api/v1/conversations/{conversation_id}/participants/{user_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What is pinned, the latest first. */
  "GET /api/v1/conversations/{conversation_id}/pins/": {
    query: undefined;
    body: undefined;
    answer: ChatMessageList;
  };
  /** One has read up to a number, on every device; with `thread_id` in a thread that one follows. */
  "POST /api/v1/conversations/{conversation_id}/read/": {
    query: undefined;
    body: ReadUpToRequest;
    answer: OwnPlace;
  };
  /** Its threads, the one written in last first. */
  "GET /api/v1/conversations/{conversation_id}/threads/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** How many at a time. */
      limit?: number;
      /** Only those that are done, or are not. */
      resolved?: boolean;
    };
    body: undefined;
    answer: ChatThreads;
  };
  /** One thread. */
  "GET /api/v1/conversations/{conversation_id}/threads/{thread_id}/": {
    query: undefined;
    body: undefined;
    answer: ChatThread;
  };
  /** Give it a title, or say that it is done. */
  "PATCH /api/v1/conversations/{conversation_id}/threads/{thread_id}/": {
    query: undefined;
    body: PatchedChatThreadChangeRequest;
    answer: ChatThread;
  };
  /** Follow it or no more; a muted one is followed in silence. */
  "POST /api/v1/conversations/{conversation_id}/threads/{thread_id}/follow/": {
    query: undefined;
    body: FollowChangeRequest;
    answer: ThreadFollow;
  };
  /** Unread from this number on, until the conversation is opened again (`is_reopened` at `read/`). */
  "POST /api/v1/conversations/{conversation_id}/unread/": {
    query: undefined;
    body: UnreadFromRequest;
    answer: OwnPlace;
  };
  /** Whom one has blocked. */
  "GET /api/v1/conversations/blocks/": {
    query: undefined;
    body: undefined;
    answer: Blocks;
  };
  /** Let somebody not write to one directly; they are not told. */
  "POST /api/v1/conversations/blocks/": {
    query: undefined;
    body: NewBlockRequest;
    answer: undefined;
  };
  /** Let them write again. */
  "DELETE /api/v1/conversations/blocks/{user_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What changed in what is one's own: places, pointers, stars, drafts, reminders. 410 as above. */
  "GET /api/v1/conversations/changes/": {
    query: {
      /** Rows of each kind at a time, about. */
      limit?: number;
      /** `state` of an earlier answer. */
      since: string;
    };
    body: undefined;
    answer: OwnChanges;
  };
  /** What one is writing, everywhere. */
  "GET /api/v1/conversations/drafts/": {
    query: undefined;
    body: undefined;
    answer: ChatDrafts;
  };
  /** What would go if messages were kept for so many days (`conversations.manage`). */
  "GET /api/v1/conversations/expiring/": {
    query: {
      /** In this one; without it in all without days of their own. */
      conversation?: string;
      /** What is older would go. */
      days: number;
    };
    body: undefined;
    answer: Expiring;
  };
  /** What one has taken out and is still kept, the newest first. */
  "GET /api/v1/conversations/exports/": {
    query: undefined;
    body: undefined;
    answer: ChatExports;
  };
  /** How far it is, and where the zip is when it is done. */
  "GET /api/v1/conversations/exports/{export_id}/": {
    query: undefined;
    body: undefined;
    answer: ChatExport;
  };
  /** End it before its time. */
  "DELETE /api/v1/conversations/exports/{export_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The zip; 404 for who may not read the conversation any more. */
  "GET /api/v1/conversations/exports/{export_id}/file/": {
    query: undefined;
    body: undefined;
    answer: Blob;
  };
  /** Upload a file as the raw body, for a message to come. Its type is what its bytes are. 413 `too_large`. */
  "POST /api/v1/conversations/files/": {
    query: {
      filename?: string;
    };
    body: Blob;
    answer: ChatFile;
  };
  /** Call one of one's folders something else, or take it away. */
  "PATCH /api/v1/conversations/folders/": {
    query: undefined;
    body: PatchedFolderChangeRequest;
    answer: FolderChanged;
  };
  /** How much is held in each conversation in which one is an admin, where something is. */
  "GET /api/v1/conversations/held/": {
    query: undefined;
    body: undefined;
    answer: HeldCounts;
  };
  /** The page behind a mail's List-Unsubscribe, with a button. Changes nothing. 403 `invalid_link`. */
  "GET /api/v1/conversations/leave-by-mail/": {
    query: {
      /** As the mail's List-Unsubscribe has it. */
      t: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** Leave by one click (RFC 8058). As often as one likes. 403 `invalid_link`. */
  "POST /api/v1/conversations/leave-by-mail/": {
    query: {
      /** As the mail's List-Unsubscribe has it. */
      t: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** All groups and channels of the organisation, without what was said (`conversations.manage`). */
  "GET /api/v1/conversations/managed/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** Only those with a legal hold, or without. */
      held?: boolean;
      /** How many at a time. */
      limit?: number;
      /** Words of the name. */
      q?: string;
    };
    body: undefined;
    answer: ManagedConversations;
  };
  /** How long it keeps messages, and a legal hold; also where one is not in it (`conversations.manage`). */
  "PATCH /api/v1/conversations/managed/{conversation_id}/": {
    query: undefined;
    body: PatchedManagedChangeRequest;
    answer: ManagedConversation;
  };
  /** What the organisation lays down for its conversations. */
  "GET /api/v1/conversations/policy/": {
    query: undefined;
    body: undefined;
    answer: ConversationPolicy;
  };
  /** Change it; for those with `conversations.manage`. */
  "PATCH /api/v1/conversations/policy/": {
    query: undefined;
    body: PatchedConversationPolicyChangeRequest;
    answer: ConversationPolicy;
  };
  /** Reminders that wait or are due, the next first. */
  "GET /api/v1/conversations/reminders/": {
    query: undefined;
    body: undefined;
    answer: Reminders;
  };
  /** Messages that were reported, the newest first (`conversations.manage`). */
  "GET /api/v1/conversations/reports/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** How many at a time. */
      limit?: number;
      /** `open` if left out. */
      state?: "dismissed" | "open" | "removed";
    };
    body: undefined;
    answer: ChatReports;
  };
  /** Take the message away from everybody, or leave it. 409 `already_decided`. */
  "PATCH /api/v1/conversations/reports/{report_id}/": {
    query: undefined;
    body: PatchedReportDecisionRequest;
    answer: ChatReport;
  };
  /** The message with a few before and after it. That one looked is on record (`conversations.manage`). */
  "POST /api/v1/conversations/reports/{report_id}/context/": {
    query: undefined;
    body: undefined;
    answer: ChatMessageList;
  };
  /** What waits to be sent, and what could not be, the next first. */
  "GET /api/v1/conversations/scheduled/": {
    query: undefined;
    body: undefined;
    answer: ScheduledList;
  };
  /** One of them, also after it was sent. */
  "GET /api/v1/conversations/scheduled/{scheduled_id}/": {
    query: undefined;
    body: undefined;
    answer: ScheduledMessage;
  };
  /** Send it at another time. 409 `already_sent`. */
  "PATCH /api/v1/conversations/scheduled/{scheduled_id}/": {
    query: undefined;
    body: PatchedPutOffRequest;
    answer: ScheduledMessage;
  };
  /** Take it back before it is sent. 409 `already_sent`. */
  "DELETE /api/v1/conversations/scheduled/{scheduled_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What one has chosen for all conversations. */
  "GET /api/v1/conversations/settings/": {
    query: undefined;
    body: undefined;
    answer: ChatSettings;
  };
  /** Show nobody what one has read, nor be shown it; say who may open a direct conversation with one. */
  "PATCH /api/v1/conversations/settings/": {
    query: undefined;
    body: PatchedChatSettingsChangeRequest;
    answer: ChatSettings;
  };
  /** What is unread, in all of one's conversations at once. */
  "GET /api/v1/conversations/unread/": {
    query: undefined;
    body: undefined;
    answer: ChatCounters;
  };
  /** Begin a file that comes in pieces (tus 1.0); `Location` is where they go. Whole, it is one for `file_ids`. */
  "POST /api/v1/conversations/uploads/": {
    query: undefined;
    body: undefined;
    answer: ChatUpload;
  };
  /** How far it has come, and the file that it became. */
  "GET /api/v1/conversations/uploads/{upload_id}/": {
    query: undefined;
    body: undefined;
    answer: ChatUpload;
  };
  /** The next piece, durable when it is answered. 409 `wrong_offset`: ask by HEAD where it goes on. */
  "PATCH /api/v1/conversations/uploads/{upload_id}/": {
    query: undefined;
    body: Blob;
    answer: undefined;
  };
  /** Throw away what came; a file that is whole stays. */
  "DELETE /api/v1/conversations/uploads/{upload_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The organisation's domains, with what to publish in the DNS for each. */
  "GET /api/v1/domains/": {
    query: undefined;
    body: undefined;
    answer: DomainList;
  };
  /** Add a domain. Where `is_proved` is false, publish the first record and call `prove`. 409 `domain_exists`. */
  "POST /api/v1/domains/": {
    query: undefined;
    body: NewDomainRequest;
    answer: DomainShape;
  };
  /** One domain. */
  "GET /api/v1/domains/{domain_id}/": {
    query: undefined;
    body: undefined;
    answer: DomainShape;
  };
  /** Say who gets mail for addresses that are nobody's; null refuses it, as it is without. */
  "PATCH /api/v1/domains/{domain_id}/": {
    query: undefined;
    body: PatchedDomainChangeRequest;
    answer: DomainShape;
  };
  /** Remove a domain in which nobody has an address. 409 `domain_in_use`. */
  "DELETE /api/v1/domains/{domain_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Look at the domain's DNS and at our own door as others see them, and say what to do. Changes nothing. It asks the network, so it may take some seconds. */
  "POST /api/v1/domains/{domain_id}/check/": {
    query: undefined;
    body: undefined;
    answer: FindingList;
  };
  /** Make keys to sign the domain's mail with (DKIM), or new ones beside the last. They sign once the DNS publishes them. 403 `step_up_required`. */
  "POST /api/v1/domains/{domain_id}/keys/": {
    query: undefined;
    body: undefined;
    answer: DomainShape;
  };
  /** How often the domain gets new keys to sign its mail with (DKIM), and how it stands with the newest. */
  "GET /api/v1/domains/{domain_id}/keys/schedule/": {
    query: undefined;
    body: undefined;
    answer: ScheduleShape;
  };
  /** A new pair is made when the newest is so old, and published; administrators get its records by mail. */
  "PATCH /api/v1/domains/{domain_id}/keys/schedule/": {
    query: undefined;
    body: PatchedScheduleChangeRequest;
    answer: ScheduleShape;
  };
  /** Look for the proof in the DNS; the domain has a new id from then on. 409 `not_proved`. */
  "POST /api/v1/domains/{domain_id}/prove/": {
    query: undefined;
    body: undefined;
    answer: DomainShape;
  };
  /** Who sends in the domain's name, and whether others reach it safely, as other servers report it. */
  "GET /api/v1/domains/{domain_id}/reports/": {
    query: {
      /** 1 to 90; 30 if left out. */
      days?: number;
    };
    body: undefined;
    answer: DomainReports;
  };
  /** Save a new draft. */
  "POST /api/v1/drafts/": {
    query: undefined;
    body: DraftRequest;
    answer: Email;
  };
  /** Save over a draft: the answer has a new id, the old one is gone. */
  "PUT /api/v1/drafts/{email_id}/": {
    query: undefined;
    body: DraftRequest;
    answer: Email;
  };
  /** Send a saved draft; it moves to Sent under a new id. */
  "POST /api/v1/drafts/{email_id}/send/": {
    query: undefined;
    body: HoldRequest;
    answer: Sent;
  };
  /** E-mails, newest first. Give one of mailbox, role, flagged and q; q may be combined with mailbox. */
  "GET /api/v1/emails/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "cc" | "from" | "has_attachment" | "id" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "mailbox_ids" | "preview" | "received_at" | "sent_at" | "size_bytes" | "snippet" | "subject" | "thread_id" | "to")[];
      /** Flagged e-mails, wherever they lie. */
      flagged?: boolean;
      /** How many at a time. */
      limit?: number;
      /** E-mails in this mailbox. */
      mailbox?: string;
      /** Words and operators, as docs/use/search.md tells. */
      q?: string;
      /** E-mails in the mailbox of this role. */
      role?: "archive" | "drafts" | "inbox" | "junk" | "sent" | "trash";
      /** Newest first if left out. */
      sort?: "-received_at" | "received_at";
    };
    body: undefined;
    answer: EmailPage;
  };
  /** One e-mail in full. */
  "GET /api/v1/emails/{email_id}/": {
    query: {
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "attachments" | "authentication" | "bcc" | "cc" | "delivery" | "draft" | "filed_by" | "from" | "has_attachment" | "has_html" | "has_remote_content" | "html_url" | "id" | "in_reply_to" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "list_unsubscribe" | "mailbox_ids" | "message_id" | "preview" | "receipt_to" | "received_at" | "references" | "reply_to" | "sent_at" | "size_bytes" | "spam" | "subject" | "text" | "thread_id" | "to" | "trust")[];
    };
    body: undefined;
    answer: Email;
  };
  /** Change flags; `keywords` replaces them all. */
  "PATCH /api/v1/emails/{email_id}/": {
    query: undefined;
    body: PatchedEmailChangeRequest;
    answer: EmailRow;
  };
  /** To Trash; for good with `permanent`, or when it lies in Trash already. */
  "DELETE /api/v1/emails/{email_id}/": {
    query: {
      /** For good, wherever it lies. */
      permanent?: boolean;
    };
    body: undefined;
    answer: undefined;
  };
  /** An attachment, decoded. */
  "GET /api/v1/emails/{email_id}/attachments/{number}/": {
    query: {
      /** Show a picture in place. */
      preview?: boolean;
    };
    body: undefined;
    answer: Blob;
  };
  /** A small picture of an attachment that is one. */
  "GET /api/v1/emails/{email_id}/attachments/{number}/thumbnail/": {
    query: undefined;
    body: undefined;
    answer: Blob;
  };
  /** The e-mail as a page for a sandboxed frame: cleaned, nothing loaded from elsewhere unless asked. */
  "GET /api/v1/emails/{email_id}/html/": {
    query: {
      /** For a dark page, where the mail allows it. */
      dark?: boolean;
      /** Load remote images, through us. */
      images?: boolean;
    };
    body: undefined;
    answer: Blob;
  };
  /** The bytes exactly as received. */
  "GET /api/v1/emails/{email_id}/raw/": {
    query: undefined;
    body: undefined;
    answer: Blob;
  };
  /** Answer the wish of `receipt_to` to hear that an e-mail was read (RFC 8098), once. 409 `no_receipt_wanted`. The receipt goes from the address that the e-mail was written to. */
  "POST /api/v1/emails/{email_id}/receipt/": {
    query: undefined;
    body: ReceiptAnswerRequest;
    answer: undefined;
  };
  /** How the list that an e-mail came by is left (List-Unsubscribe), and whether it was. */
  "GET /api/v1/emails/{email_id}/unsubscribe/": {
    query: undefined;
    body: undefined;
    answer: WayOut;
  };
  /** Leave it, by one click of the server's (RFC 8058) or by a mail. 409 `already_left`, `no_way_out`; 503 `list_unreachable`. */
  "POST /api/v1/emails/{email_id}/unsubscribe/": {
    query: undefined;
    body: undefined;
    answer: WayOut;
  };
  /** One verb for many e-mails and a result for each: 200 done, 404 not there, 424 not tried. With `atomic` all are done or none. A mailbox that is not there is a 404 for the whole. */
  "POST /api/v1/emails/bulk/": {
    query: undefined;
    body: BulkRequest;
    answer: BulkResults;
  };
  /** For good, from every mailbox. */
  "POST /api/v1/emails/destroy/": {
    query: undefined;
    body: ChosenRequest;
    answer: Updated;
  };
  /** Put into some mailboxes, take out of others; what would lie nowhere goes to Archive. */
  "POST /api/v1/emails/label/": {
    query: undefined;
    body: BulkLabelRequest;
    answer: Updated;
  };
  /** Out of `from_mailbox` (or of every mailbox) into `to_mailbox`, which may lie in another account. There it is a new e-mail with an id of its own, on that account's quota; it takes the right to write on both. */
  "POST /api/v1/emails/move/": {
    query: undefined;
    body: BulkMoveRequest;
    answer: Updated;
  };
  /** To Trash, out of `from_mailbox` or out of every mailbox. */
  "POST /api/v1/emails/trash/": {
    query: undefined;
    body: ChosenRequest;
    answer: Updated;
  };
  /** Set and clear flags and keywords. */
  "POST /api/v1/emails/update/": {
    query: undefined;
    body: BulkUpdateRequest;
    answer: Updated;
  };
  /** Where an account's mail goes on to. */
  "GET /api/v1/forwards/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: ForwardList;
  };
  /** Ask an address to take the account's mail; a code goes there, and nothing else before it comes back. Asks for step-up. 400 `invalid_recipient`, `own_address`; 409 `forward_exists`, `too_many`. */
  "POST /api/v1/forwards/": {
    query: undefined;
    body: NewForwardRequest;
    answer: Proposed;
  };
  /** Switch it, or say whether what goes on stays here too. Asks for step-up, but to switch it off. */
  "PATCH /api/v1/forwards/{forward_id}/": {
    query: undefined;
    body: PatchedForwardChangeRequest;
    answer: ForwardShape;
  };
  /** Send nothing there any more. */
  "DELETE /api/v1/forwards/{forward_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Send another code to the address. Asks for step-up. 409 `forward_confirmed`. */
  "POST /api/v1/forwards/{forward_id}/code/": {
    query: undefined;
    body: undefined;
    answer: ForwardFlow;
  };
  /** Begin, with the code that went to the address. 400 `wrong_code`. */
  "POST /api/v1/forwards/{forward_id}/confirm/": {
    query: undefined;
    body: ForwardProofRequest;
    answer: ForwardShape;
  };
  /** The groups of the organisation, oldest first; guests see those they are in. */
  "GET /api/v1/groups/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
    };
    body: undefined;
    answer: GroupPage;
  };
  /** Make a group; whoever makes it is its first member and manager. 409 `group_exists`, `address_exists`. */
  "POST /api/v1/groups/": {
    query: undefined;
    body: NewGroupRequest;
    answer: GroupShape;
  };
  /** One group. */
  "GET /api/v1/groups/{group_id}/": {
    query: undefined;
    body: undefined;
    answer: GroupShape;
  };
  /** Change a group one manages; its address only with `groups.manage`. */
  "PATCH /api/v1/groups/{group_id}/": {
    query: undefined;
    body: PatchedGroupChangeRequest;
    answer: GroupShape;
  };
  /** Remove a group, its address, and what its members may use by it. */
  "DELETE /api/v1/groups/{group_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Let the members of another group be members of this one. 409 `group_loop`, `group_too_deep`. */
  "PUT /api/v1/groups/{group_id}/groups/{child_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Take a group out of this one. */
  "DELETE /api/v1/groups/{group_id}/groups/{child_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Who is in a group themselves (not by a group that lies in it). */
  "GET /api/v1/groups/{group_id}/members/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
    };
    body: undefined;
    answer: MemberPage;
  };
  /** Take somebody in, or make a member a manager or not. */
  "PUT /api/v1/groups/{group_id}/members/{user_id}/": {
    query: undefined;
    body: MembershipRequest;
    answer: undefined;
  };
  /** Put somebody out, or leave oneself. */
  "DELETE /api/v1/groups/{group_id}/members/{user_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Whether people can be served, and where the doors are. 503 when they cannot. */
  "GET /api/v1/health/": {
    query: undefined;
    body: undefined;
    answer: Health | Health;
  };
  /** Every check with its facts. 503 when something essential is down. For operators; on a server of one organisation alone also for who manages that. */
  "GET /api/v1/health/detailed/": {
    query: undefined;
    body: undefined;
    answer: DetailedHealth | DetailedHealth;
  };
  /** Change the name or signature one sends with. */
  "PATCH /api/v1/identities/{identity_id}/": {
    query: undefined;
    body: PatchedIdentityChangeRequest;
    answer: Identity;
  };
  /** The outside log-ins of one's organisation; for its owner. */
  "GET /api/v1/identity-providers/": {
    query: undefined;
    body: undefined;
    answer: ProviderList;
  };
  /** Let people log in by an OpenID provider; its redirect URI is `/login/external` here. */
  "POST /api/v1/identity-providers/": {
    query: undefined;
    body: ProviderBodyRequest;
    answer: ProviderRow;
  };
  /** Nobody logs in by it any more; sessions that are open stay. */
  "DELETE /api/v1/identity-providers/{provider_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The invitations that wait, oldest first. */
  "GET /api/v1/invitations/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
    };
    body: undefined;
    answer: InvitationPage;
  };
  /** Invite an address outside this server. The link is in the letter only, so accepting proves the address. */
  "POST /api/v1/invitations/": {
    query: undefined;
    body: NewInvitationRequest;
    answer: InvitationShape;
  };
  /** Take an invitation back. */
  "DELETE /api/v1/invitations/{invitation_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Come in by an invitation. 404 for one that is used, too old or taken back; 409 `address_exists`. */
  "POST /api/v1/invitations/accept/": {
    query: undefined;
    body: AcceptanceRequest;
    answer: NewPerson;
  };
  /** What an invitation is to. The token is in the body, so that it stands in no log. */
  "POST /api/v1/invitations/look/": {
    query: undefined;
    body: TokenOnlyRequest;
    answer: InvitationTo;
  };
  /** An account's filter: what holds, what was chosen, what it has learnt. */
  "GET /api/v1/junk/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: Junk;
  };
  /** Choose. Null takes back what was chosen. */
  "PATCH /api/v1/junk/": {
    query: undefined;
    body: PatchedJunkChangeRequest;
    answer: Junk;
  };
  /** Forget all that was learnt of this account's mail. It learns anew from what is done from now on. */
  "POST /api/v1/junk/forget/": {
    query: undefined;
    body: WhoseJunkRequest;
    answer: Junk;
  };
  /** What the organisation chose, and what everybody's mail taught. */
  "GET /api/v1/junk/organisation/": {
    query: undefined;
    body: undefined;
    answer: JunkOfAll;
  };
  /** Choose for everybody who chose nothing, and whether mail is refused at a high score. */
  "PATCH /api/v1/junk/organisation/": {
    query: undefined;
    body: PatchedJunkOfAllChangeRequest;
    answer: JunkOfAll;
  };
  /** Forget what everybody's mail taught the organisation. What people's own filters know stays. */
  "POST /api/v1/junk/organisation/forget/": {
    query: undefined;
    body: undefined;
    answer: JunkOfAll;
  };
  /** Senders that are always or never let into anybody's inbox, unless somebody's own list says otherwise. */
  "GET /api/v1/junk/organisation/senders/": {
    query: undefined;
    body: undefined;
    answer: JunkSenders;
  };
  /** List a sender for everybody. 400 `bad_entry`, 409 `too_many_entries`. */
  "POST /api/v1/junk/organisation/senders/": {
    query: undefined;
    body: NewSenderOfAllRequest;
    answer: JunkSender;
  };
  /** Senders that are always or never let into the inbox. */
  "GET /api/v1/junk/senders/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: JunkSenders;
  };
  /** List a sender; one that is listed changes its list. 400 `bad_entry`, 409 `too_many_entries`. */
  "POST /api/v1/junk/senders/": {
    query: undefined;
    body: NewSenderRequest;
    answer: JunkSender;
  };
  /** Take a sender off its list. */
  "DELETE /api/v1/junk/senders/{entry_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** How large things may be. */
  "GET /api/v1/limits/": {
    query: undefined;
    body: undefined;
    answer: Limits;
  };
  /** An account's lists, by title. */
  "GET /api/v1/lists/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: MailingLists;
  };
  /** Make one. 409 `list_exists`, `too_many`. */
  "POST /api/v1/lists/": {
    query: undefined;
    body: NewListRequest;
    answer: ListShape;
  };
  /** One list. */
  "GET /api/v1/lists/{list_id}/": {
    query: undefined;
    body: undefined;
    answer: ListShape;
  };
  /** Call it otherwise. */
  "PATCH /api/v1/lists/{list_id}/": {
    query: undefined;
    body: PatchedListChangeRequest;
    answer: ListShape;
  };
  /** Remove it with its members. Who has left it stays written down. */
  "DELETE /api/v1/lists/{list_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Who is on it, who came last first; with who has left it and who is passed over. */
  "GET /api/v1/lists/{list_id}/members/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
      /** Part of the name or address. */
      q?: string;
    };
    body: undefined;
    answer: ListMemberPage;
  };
  /** Put people on it, who have said yes. Who has left it stays out. 400 `nobody_named`, 409 `list_full`. */
  "POST /api/v1/lists/{list_id}/members/": {
    query: undefined;
    body: NewMembersRequest;
    answer: Imported;
  };
  /** Take somebody off it. */
  "DELETE /api/v1/lists/{list_id}/members/{list_member_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Write to everybody on it, each by themselves and with a link to leave it. 400 `no_members`. */
  "POST /api/v1/lists/{list_id}/send/": {
    query: undefined;
    body: ListWordsRequest;
    answer: Sent;
  };
  /** What was sent to it, the newest 50 first, and of how many recipients what became. */
  "GET /api/v1/lists/{list_id}/sendings/": {
    query: undefined;
    body: undefined;
    answer: Sendings;
  };
  /** Who has left which list of an account, the newest first; 1,000 at most. */
  "GET /api/v1/lists/suppressions/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: SuppressionList;
  };
  /** For somebody who has asked to get the list again. */
  "DELETE /api/v1/lists/suppressions/{suppression_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The page behind a mail's List-Unsubscribe, with a button. Changes nothing. 403 `invalid_link`. */
  "GET /api/v1/lists/unsubscribe/": {
    query: {
      /** As the mail's List-Unsubscribe has it. */
      t: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** Leave the list by one click (RFC 8058). As often as one likes. 403 `invalid_link`. */
  "POST /api/v1/lists/unsubscribe/": {
    query: {
      /** As the mail's List-Unsubscribe has it. */
      t: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** All mailboxes of an account. */
  "GET /api/v1/mailboxes/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "id" | "is_subscribed" | "name" | "parent_id" | "retention_days" | "role" | "sort_order" | "total_emails" | "unread_emails")[];
      /** As a person sees them if left out. */
      sort?: "name" | "sort_order";
    };
    body: undefined;
    answer: MailboxList;
  };
  /** Make a mailbox; 409 `mailbox_exists` for a name that is taken. */
  "POST /api/v1/mailboxes/": {
    query: undefined;
    body: NewMailboxRequest;
    answer: Mailbox;
  };
  /** One mailbox. */
  "GET /api/v1/mailboxes/{mailbox_id}/": {
    query: undefined;
    body: undefined;
    answer: Mailbox;
  };
  /** Rename, move, subscribe or set how long its e-mails are kept. 409 `has_role` for one that every client looks for by its role. */
  "PATCH /api/v1/mailboxes/{mailbox_id}/": {
    query: undefined;
    body: PatchedMailboxChangeRequest;
    answer: Mailbox;
  };
  /** Remove a mailbox; e-mails that lie only there go to Trash. 409 `has_role`, `has_children`. */
  "DELETE /api/v1/mailboxes/{mailbox_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** How many e-mails would be taken out if they were kept so many days. */
  "GET /api/v1/mailboxes/{mailbox_id}/retention/": {
    query: {
      days?: number;
    };
    body: undefined;
    answer: Retention;
  };
  /** The person who asks, with accounts and identities. */
  "GET /api/v1/me/": {
    query: undefined;
    body: undefined;
    answer: Me;
  };
  /** Change one's name, preferences, or the IMAP extensions that are off (both replaced whole). */
  "PATCH /api/v1/me/": {
    query: undefined;
    body: PatchedProfileChangeRequest;
    answer: Me;
  };
  /** Messages of all one's conversations, the newest first; with `q` those that fit a search. */
  "GET /api/v1/messages/": {
    query: {
      /** Sent at this moment or later. */
      after?: string;
      /** Only what this person wrote. */
      author?: string;
      /** Sent before this moment. */
      before?: string;
      /** Only of this conversation. */
      conversation?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("ack_count" | "attachments" | "author" | "client_id" | "conversation_id" | "created_at" | "deleted_at" | "edited_at" | "event" | "forwarded_from" | "html" | "id" | "importance" | "kind" | "mentions" | "needs_ack" | "number" | "pinned_at" | "pinned_by" | "previews" | "reactions" | "reply_to" | "revisions" | "seq" | "snippet" | "text" | "thread_id")[];
      /** Only those that bring this. */
      has?: "file" | "image" | "link" | "mention" | "pin" | "reaction" | "star" | "thread";
      /** How many at a time. */
      limit?: number;
      /** Words and operators, as docs/use/search.md tells; also in open channels. */
      q?: string;
    };
    body: undefined;
    answer: ChatMessages;
  };
  /** Send a message to a conversation; as at `conversations/{id}/messages/`. */
  "POST /api/v1/messages/": {
    query: undefined;
    body: NewMessageInRequest;
    answer: ChatMessage | ChatMessage | ScheduledMessage;
  };
  /** One message; of one that was deleted nothing but that it was. */
  "GET /api/v1/messages/{message_id}/": {
    query: undefined;
    body: undefined;
    answer: ChatMessage;
  };
  /** Edit what one wrote, as long as one may. 409 `too_late`, `message_deleted`. */
  "PATCH /api/v1/messages/{message_id}/": {
    query: undefined;
    body: PatchedChatMessageChangeRequest;
    answer: ChatMessage;
  };
  /** Take it away from everybody (what one wrote, as long as one may; admins always), or from oneself alone. */
  "DELETE /api/v1/messages/{message_id}/": {
    query: {
      /** `everybody`. */
      for?: "everybody" | "me";
    };
    body: undefined;
    answer: undefined;
  };
  /** Say that one has taken note of it, where it asks for that. */
  "POST /api/v1/messages/{message_id}/acknowledge/": {
    query: undefined;
    body: undefined;
    answer: ChatMessage;
  };
  /** Take that back. */
  "DELETE /api/v1/messages/{message_id}/acknowledge/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Its files with links that a browser may load for an hour or two. */
  "GET /api/v1/messages/{message_id}/files/": {
    query: undefined;
    body: undefined;
    answer: ChatFileLinks;
  };
  /** One file's bytes; nothing in them runs or loads. */
  "GET /api/v1/messages/{message_id}/files/{file_id}/": {
    query: {
      /** Show a picture in place. */
      preview?: boolean;
    };
    body: undefined;
    answer: Blob;
  };
  /** A small picture of it, turned upright, without what the file says of where it was taken. */
  "GET /api/v1/messages/{message_id}/files/{file_id}/thumbnail/": {
    query: undefined;
    body: undefined;
    answer: Blob;
  };
  /** Send it on to another conversation with its files, and a word of one's own before it. */
  "POST /api/v1/messages/{message_id}/forward/": {
    query: undefined;
    body: NewForwardingRequest;
    answer: ChatMessage | ChatMessage | ScheduledMessage;
  };
  /** Keep it at hand for everybody. */
  "POST /api/v1/messages/{message_id}/pin/": {
    query: undefined;
    body: undefined;
    answer: ChatMessage;
  };
  /** Unpin it. */
  "DELETE /api/v1/messages/{message_id}/pin/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The pictures of its previews, by links that a browser may load for an hour or two. */
  "GET /api/v1/messages/{message_id}/previews/": {
    query: undefined;
    body: undefined;
    answer: ChatPreviewPictures;
  };
  /** Take a preview away from everybody, for good: of what one wrote, or as an admin. The link stays. */
  "DELETE /api/v1/messages/{message_id}/previews/{preview_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Put one emoji to it, or take one's own back. 400 `not_an_emoji`. */
  "POST /api/v1/messages/{message_id}/react/": {
    query: undefined;
    body: NewReactionRequest;
    answer: ChatMessage;
  };
  /** Who has read it, without those who hide what they read, and who has acknowledged it. */
  "GET /api/v1/messages/{message_id}/readers/": {
    query: {
      /** How many at a time. */
      limit?: number;
    };
    body: undefined;
    answer: ChatReaders;
  };
  /** Be reminded of it; another time takes the place of the one before. */
  "POST /api/v1/messages/{message_id}/remind/": {
    query: undefined;
    body: RemindAtRequest;
    answer: Reminder;
  };
  /** Be reminded no more, or have seen that it is due. */
  "DELETE /api/v1/messages/{message_id}/remind/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Answer it: in the thread below it, or (`in_thread` false) in the timeline, quoting it. */
  "POST /api/v1/messages/{message_id}/reply/": {
    query: undefined;
    body: NewReplyRequest;
    answer: ChatMessage | ChatMessage | ScheduledMessage;
  };
  /** Bring it before those who manage conversations. */
  "POST /api/v1/messages/{message_id}/report/": {
    query: undefined;
    body: NewReportRequest;
    answer: undefined;
  };
  /** What it said before it was edited, the oldest first. */
  "GET /api/v1/messages/{message_id}/revisions/": {
    query: undefined;
    body: undefined;
    answer: ChatRevisions;
  };
  /** Mark it for oneself. */
  "POST /api/v1/messages/{message_id}/star/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Take one's mark back. */
  "DELETE /api/v1/messages/{message_id}/star/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** One's own, the newest first. */
  "GET /api/v1/notifications/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      kind?: "announcement" | "mail" | "message" | "reminder" | "test";
      /** How many at a time. */
      limit?: number;
      /** Only those that are unread (true), or read (false). */
      unread?: boolean;
    };
    body: undefined;
    answer: NotificationPage;
  };
  /** Tell oneself something, or (with `organisation.manage`) everybody of the organisation. */
  "POST /api/v1/notifications/": {
    query: undefined;
    body: NewNotificationRequest;
    answer: NotificationSent;
  };
  /** One of one's own. */
  "GET /api/v1/notifications/{notification_id}/": {
    query: undefined;
    body: undefined;
    answer: NotificationShape;
  };
  /** Read, which takes it off every device, or unread again. What it is of stays as it is. */
  "PATCH /api/v1/notifications/{notification_id}/": {
    query: undefined;
    body: PatchedNotificationChangeRequest;
    answer: NotificationShape;
  };
  /** Take it off the list. */
  "DELETE /api/v1/notifications/{notification_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Why one was told of something in the last two weeks, or was not; the newest first. */
  "GET /api/v1/notifications/decisions/": {
    query: {
      /** The id of what it was of: an e-mail's. */
      about?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** How many at a time. */
      limit?: number;
    };
    body: undefined;
    answer: NotificationDecisions;
  };
  /** One's own devices, and the key that a browser subscribes with. */
  "GET /api/v1/notifications/devices/": {
    query: undefined;
    body: undefined;
    answer: PushDevices;
  };
  /** Push to this browser (`PushSubscription.toJSON()`) as long as its session lives. 400 `invalid_push_key`. */
  "POST /api/v1/notifications/devices/": {
    query: undefined;
    body: NewPushDeviceRequest;
    answer: PushDevice;
  };
  /** Push to it no more. */
  "DELETE /api/v1/notifications/devices/{device_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Have it show something. */
  "POST /api/v1/notifications/devices/{device_id}/test/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The page behind a letter's List-Unsubscribe, with a button. Changes nothing. 403 `invalid_link`. */
  "GET /api/v1/notifications/letters/stop/": {
    query: {
      /** As the mail's List-Unsubscribe has it. */
      t: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** End these letters by one click (RFC 8058). As often as one likes. 403 `invalid_link`. */
  "POST /api/v1/notifications/letters/stop/": {
    query: {
      /** As the mail's List-Unsubscribe has it. */
      t: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** All that one has, of a kind if it is named, up to what was shown. */
  "POST /api/v1/notifications/mark_all_read/": {
    query: undefined;
    body: MarkAllReadRequest;
    answer: Marked;
  };
  /** One's rules: VIPs are those for people with the level `urgent`. */
  "GET /api/v1/notifications/rules/": {
    query: undefined;
    body: undefined;
    answer: NotificationRules;
  };
  /** Make a rule, or change the level of the one about the same. */
  "POST /api/v1/notifications/rules/": {
    query: undefined;
    body: NewNotificationRuleRequest;
    answer: NotificationRule;
  };
  /** Take a rule back. */
  "DELETE /api/v1/notifications/rules/{rule_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What one hears of, when and how. */
  "GET /api/v1/notifications/settings/": {
    query: undefined;
    body: undefined;
    answer: NotificationSettings;
  };
  /** Change what is given. Letters to the address outside ask a session for step-up (403 `step_up_required`). */
  "PATCH /api/v1/notifications/settings/": {
    query: undefined;
    body: PatchedNotificationSettingsChangeRequest;
    answer: NotificationSettings;
  };
  /** The programs that people of the organisation may let in; for administrators. */
  "GET /api/v1/oauth/clients/": {
    query: undefined;
    body: undefined;
    answer: OAuthClientList;
  };
  /** Make a client; its secret is shown once. */
  "POST /api/v1/oauth/clients/": {
    query: undefined;
    body: OAuthClientBodyRequest;
    answer: MadeOAuthClient;
  };
  /** Remove a client, and with it everything it was allowed. */
  "DELETE /api/v1/oauth/clients/{client_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Let a program in, or not: where to send the browser. What opens more than who one is asks for step-up. */
  "POST /api/v1/oauth/decisions/": {
    query: undefined;
    body: OAuthDecisionRequest;
    answer: OAuthRedirect;
  };
  /** Judge an authorization request: what is asked of the person, or where to send the browser at once. */
  "POST /api/v1/oauth/requests/": {
    query: undefined;
    body: OAuthRequestBodyRequest;
    answer: OAuthQuestion;
  };
  /** One's organisation. How one gets in is shown to those who manage it. */
  "GET /api/v1/organisation/": {
    query: undefined;
    body: undefined;
    answer: OrganisationShape;
  };
  /** Change name, default domain, sign-up and policies. */
  "PATCH /api/v1/organisation/": {
    query: undefined;
    body: PatchedOrganisationChangeRequest;
    answer: OrganisationShape;
  };
  /** Every permission there is, and what it means. */
  "GET /api/v1/permissions/": {
    query: undefined;
    body: undefined;
    answer: PermissionList;
  };
  /** The organisation's mail that has not left yet, the oldest first. Needs `organisation.manage`. */
  "GET /api/v1/queue/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** A domain. */
      destination?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
      /** An address. */
      sender?: string;
      state?: "held" | "queued" | "retrying" | "sending";
    };
    body: undefined;
    answer: WaitingPage;
  };
  /** Try now, hold, release or give up: a result for each, 200, 404 or 409 (`not_waiting`, `held_by_stop`). */
  "POST /api/v1/queue/act/": {
    query: undefined;
    body: QueueActRequest;
    answer: QueueResults;
  };
  /** The same by domain, those with the most waiting first. */
  "GET /api/v1/queue/destinations/": {
    query: undefined;
    body: undefined;
    answer: Destinations;
  };
  /** Mail for the organisation's domains that was refused in the last 30 days, newest first, and why. Noted some seconds after it happened. In a flood not all of it is. */
  "GET /api/v1/refusals/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** Not before this moment. */
      from?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
      /** Part of the sender's or recipient's address, or of the peer's. */
      q?: string;
      /** Before this moment. */
      to?: string;
    };
    body: undefined;
    answer: RefusalPage;
  };
  /** The built-in roles, then the organisation's own. */
  "GET /api/v1/roles/": {
    query: undefined;
    body: undefined;
    answer: RoleList;
  };
  /** Make a role. 403 `more_than_yours` for a permission one lacks, 409 `role_exists`. */
  "POST /api/v1/roles/": {
    query: undefined;
    body: NewRoleRequest;
    answer: RoleShape;
  };
  /** One role of the organisation's own. */
  "GET /api/v1/roles/{role_id}/": {
    query: undefined;
    body: undefined;
    answer: RoleShape;
  };
  /** Change a role, at once for everybody who has it. */
  "PATCH /api/v1/roles/{role_id}/": {
    query: undefined;
    body: PatchedRoleChangeRequest;
    answer: RoleShape;
  };
  /** Remove a role that nobody has. 409 `role_in_use`. */
  "DELETE /api/v1/roles/{role_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** An account's rules, in the order in which they are asked. */
  "GET /api/v1/rules/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: Rules;
  };
  /** Make a rule: the last, or at `position`. 400 `bad_rule`, 409 `too_many_rules`. */
  "POST /api/v1/rules/": {
    query: undefined;
    body: NewRuleRequest;
    answer: Rule;
  };
  /** One rule. */
  "GET /api/v1/rules/{rule_id}/": {
    query: undefined;
    body: undefined;
    answer: Rule;
  };
  /** Change it; a `position` moves it and leaves the others in their order. */
  "PATCH /api/v1/rules/{rule_id}/": {
    query: undefined;
    body: PatchedRuleChangeRequest;
    answer: Rule;
  };
  /** Remove it. What it did to mail stays. */
  "DELETE /api/v1/rules/{rule_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Do what it says to the mail that is here, outside Drafts, Sent, Junk and Trash; follow it by the run. 409 `rule_broken`, `rule_at_work`. */
  "POST /api/v1/rules/{rule_id}/apply/": {
    query: undefined;
    body: undefined;
    answer: RuleRun;
  };
  /** What a rule would have touched among the last 1,000 e-mails that came in, and why. Changes nothing. */
  "POST /api/v1/rules/preview/": {
    query: undefined;
    body: RulePreviewRequest;
    answer: RulePreviewed;
  };
  /** How far it is. */
  "GET /api/v1/rules/runs/{run_id}/": {
    query: undefined;
    body: undefined;
    answer: RuleRun;
  };
  /** Put back what a run changed, except what somebody has moved since. 409 `nothing_to_undo`. */
  "POST /api/v1/rules/runs/{run_id}/undo/": {
    query: undefined;
    body: undefined;
    answer: RuleRun;
  };
  /** Threads of mail and messages of conversations that fit, newest first. Where mail is searched, a token needs mail:read as well as chat:read. */
  "GET /api/v1/search/": {
    query: {
      /** The mail of this account; of one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** `everything` if left out. */
      in?: "everything" | "mail" | "messages";
      /** How many at a time. */
      limit?: number;
      /** Words and operators, as docs/use/search.md tells. */
      q: string;
      /** Only what is unread. */
      unread?: boolean;
    };
    body: undefined;
    answer: FoundItems;
  };
  /** Everything by which one is in or can get in: sessions, factors, passwords, tokens, connected mail clients. */
  "GET /api/v1/security/": {
    query: undefined;
    body: undefined;
    answer: Security;
  };
  /** Take one away. What it holds open (mail clients, streams) ends within a second. Passkeys ask for step-up. */
  "DELETE /api/v1/security/{kind}/{item_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** A password for one mail program, shown once. */
  "POST /api/v1/security/app-passwords/": {
    query: undefined;
    body: AppPasswordBodyRequest;
    answer: MadeAppPassword;
  };
  /** Keep a new passkey. Gives recovery codes, once, when there were none. */
  "POST /api/v1/security/passkeys/": {
    query: undefined;
    body: PasskeyBodyRequest;
    answer: RecoveryCodes;
  };
  /** Give a passkey another name. */
  "PATCH /api/v1/security/passkeys/{passkey_id}/name/": {
    query: undefined;
    body: PatchedNameBodyRequest;
    answer: undefined;
  };
  /** Begin with a new passkey: what `navigator.credentials.create` wants to hear. */
  "POST /api/v1/security/passkeys/options/": {
    query: undefined;
    body: undefined;
    answer: Question;
  };
  /** Ten new recovery codes; the old ones count no more. */
  "POST /api/v1/security/recovery-codes/": {
    query: undefined;
    body: undefined;
    answer: RecoveryCodes;
  };
  /** End every session, token, app password, trusted browser and mail client. Password and factors stay. */
  "POST /api/v1/security/revoke-all/": {
    query: undefined;
    body: RevokeAllBodyRequest;
    answer: undefined;
  };
  /** The scopes there are. */
  "GET /api/v1/security/scopes/": {
    query: undefined;
    body: undefined;
    answer: Scopes;
  };
  /** A personal access token, shown once; it can do what its scopes say and ends by itself. */
  "POST /api/v1/security/tokens/": {
    query: undefined;
    body: TokenBodyRequest;
    answer: MadeToken;
  };
  /** Begin with an authenticator app: a secret, shown once. Asks for step-up, like all that changes factors. */
  "POST /api/v1/security/totp/": {
    query: undefined;
    body: undefined;
    answer: Enrolment;
  };
  /** Remove the authenticator app. */
  "DELETE /api/v1/security/totp/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** The app's code: from now on it is asked for. Gives recovery codes, once. */
  "POST /api/v1/security/totp/confirm/": {
    query: undefined;
    body: CodeBodyRequest;
    answer: RecoveryCodes;
  };
  /** Send a message. With `hold_seconds` it can be taken back so long. 400 `invalid_recipient`. */
  "POST /api/v1/send/": {
    query: undefined;
    body: NewMessageRequest;
    answer: Sent;
  };
  /** What may be sent in a day, and what was. Needs `organisation.manage`. */
  "GET /api/v1/sending/limits/": {
    query: undefined;
    body: undefined;
    answer: LimitsShape;
  };
  /** Change what is given; asks for step-up. Whoever goes beyond gets 429 `sending_limit`, mail programs 452 4.7.1. */
  "PATCH /api/v1/sending/limits/": {
    query: undefined;
    body: PatchedLimitsChangeRequest;
    answer: LimitsShape;
  };
  /** Whose mail is or was held, the newest first: one's own; with `users.manage` the organisation's. */
  "GET /api/v1/sending/stops/": {
    query: undefined;
    body: undefined;
    answer: StopList;
  };
  /** Send none of it. The e-mails stay in Sent, and their lines say that they were taken back. As `release`. */
  "POST /api/v1/sending/stops/{stop_id}/discard/": {
    query: undefined;
    body: undefined;
    answer: Decided;
  };
  /** Let all of it go. Asks for step-up; one's own no token lets go. 409 `stop_ended`. */
  "POST /api/v1/sending/stops/{stop_id}/release/": {
    query: undefined;
    body: undefined;
    answer: Decided;
  };
  /** Addresses that lists pass over, since mail came back for good or its reader complained; the newest first. Needs `organisation.manage`. Mail that a person writes to one of them still goes. */
  "GET /api/v1/sending/suppressions/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
      /** Part of the address. */
      q?: string;
      reason?: "bounced" | "complained";
    };
    body: undefined;
    answer: SuppressedPage;
  };
  /** Let lists write to it again. Needs `organisation.manage`. */
  "DELETE /api/v1/sending/suppressions/{suppressed_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** An account's signatures, by name. */
  "GET /api/v1/signatures/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: SignatureList;
  };
  /** Make one. HTML is cleaned. An address begins with one at most. 409 `too_many`. */
  "POST /api/v1/signatures/": {
    query: undefined;
    body: NewSignatureRequest;
    answer: SignatureShape;
  };
  /** One signature. */
  "GET /api/v1/signatures/{signature_id}/": {
    query: undefined;
    body: undefined;
    answer: SignatureShape;
  };
  /** Change it, also for the addresses that begin with it; `identity_ids` says anew which do. */
  "PATCH /api/v1/signatures/{signature_id}/": {
    query: undefined;
    body: PatchedSignatureChangeRequest;
    answer: SignatureShape;
  };
  /** Remove it; addresses that begin with it then begin with none. */
  "DELETE /api/v1/signatures/{signature_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What is held or still being tried, newest first. */
  "GET /api/v1/submissions/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("created_at" | "email_id" | "id" | "recipients" | "state" | "undo_until")[];
      state?: "active";
    };
    body: undefined;
    answer: Submissions;
  };
  /** One submission with what happened for each recipient. */
  "GET /api/v1/submissions/{submission_id}/": {
    query: undefined;
    body: undefined;
    answer: Submission;
  };
  /** Take a held message back; it is a draft again. 409 `already_sent`. */
  "POST /api/v1/submissions/{submission_id}/cancel/": {
    query: undefined;
    body: undefined;
    answer: Cancelled;
  };
  /** An account's templates and the organisation's, by name. */
  "GET /api/v1/templates/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: TemplateList;
  };
  /** Make one; for everybody (`is_shared`) it takes `organisation.manage`. HTML is cleaned. 409 `too_many`. */
  "POST /api/v1/templates/": {
    query: undefined;
    body: NewTemplateRequest;
    answer: TemplateShape;
  };
  /** One template. */
  "GET /api/v1/templates/{template_id}/": {
    query: undefined;
    body: undefined;
    answer: TemplateShape;
  };
  /** Change it. */
  "PATCH /api/v1/templates/{template_id}/": {
    query: undefined;
    body: PatchedTemplateChangeRequest;
    answer: TemplateShape;
  };
  /** Remove it. 409 `template_in_use`. */
  "DELETE /api/v1/templates/{template_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Threads, newest first. Give one of mailbox, flagged and q; q may be combined with mailbox. */
  "GET /api/v1/threads/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "email_count" | "email_ids" | "has_attachment" | "has_draft" | "id" | "is_answered" | "is_flagged" | "last_at" | "mailbox_ids" | "placed_at" | "preview" | "recipients" | "senders" | "snippet" | "subject" | "unread_count")[];
      /** Threads with a flagged e-mail. */
      flagged?: boolean;
      /** How many at a time. */
      limit?: number;
      /** Threads with an e-mail in this mailbox. */
      mailbox?: string;
      /** Words and operators, as docs/use/search.md tells. */
      q?: string;
      /** Only those with unread e-mails. */
      unread?: boolean;
    };
    body: undefined;
    answer: ThreadPage;
  };
  /** A thread with all its e-mails in full, oldest first. */
  "GET /api/v1/threads/{thread_id}/": {
    query: undefined;
    body: undefined;
    answer: Thread;
  };
  /** Whose a thread is, and how far. */
  "GET /api/v1/threads/{thread_id}/assignment/": {
    query: undefined;
    body: undefined;
    answer: ThreadAssignment;
  };
  /** Take it, give it, let it go, say how far it is. With `If-Match` of two who take it one gets 412. */
  "PATCH /api/v1/threads/{thread_id}/assignment/": {
    query: undefined;
    body: PatchedAssignmentChangeRequest;
    answer: ThreadAssignment;
  };
  /** What colleagues say about a thread among themselves, and who they are. */
  "GET /api/v1/threads/{thread_id}/notes/": {
    query: {
      /** How many at a time. */
      limit?: number;
    };
    body: undefined;
    answer: ThreadNotes;
  };
  /** Write a note. 400 `named_without_access` for somebody named who may not read the mail. */
  "POST /api/v1/threads/{thread_id}/notes/": {
    query: undefined;
    body: NewChatMessageRequest;
    answer: ChatMessage | ChatMessage | ScheduledMessage;
  };
  /** Make the place for notes if there is none, where who looks and who answers can be told. Idempotent. */
  "PUT /api/v1/threads/{thread_id}/notes/": {
    query: undefined;
    body: undefined;
    answer: ThreadNotes;
  };
  /** Threads that one follows and that have something unread, over all conversations, the latest first. */
  "GET /api/v1/threads/unread/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** How many at a time. */
      limit?: number;
    };
    body: undefined;
    answer: UnreadThreads;
  };
  /** The people of one's organisation, in the order of names unless `sort` says otherwise. */
  "GET /api/v1/users/": {
    query: {
      /** Only for those who manage people. */
      active?: boolean;
      /** `next` of the page before. */
      cursor?: string;
      /** Active or not. Only for those who manage people; `active` counts no more. */
      everybody?: boolean;
      /** Names of fields, joined by commas. */
      fields?: string;
      /** Members of this group. */
      group?: string;
      /** 1 to 200; 50 if left out. */
      limit?: number;
      /** Words that are in the name or the address. */
      q?: string;
      /** A built-in role's name, or a role's id. */
      role?: string;
      /** By `email`, who hides their address is left out. */
      sort?: "-created_at" | "-email" | "-name" | "created_at" | "email" | "name";
    };
    body: undefined;
    answer: UserPage;
  };
  /** Add a person with an address and a mail account. 409 `address_exists`. */
  "POST /api/v1/users/": {
    query: undefined;
    body: NewUserRequest;
    answer: UserShape;
  };
  /** One person, as far as one may see them. */
  "GET /api/v1/users/{user_id}/": {
    query: undefined;
    body: undefined;
    answer: UserShape;
  };
  /** Change somebody's name or role, or switch them off and on. 409 `last_owner`, 403 `more_than_yours`. */
  "PATCH /api/v1/users/{user_id}/": {
    query: undefined;
    body: PatchedUserChangeRequest;
    answer: UserShape;
  };
  /** Switch somebody off now and forget them in 14 days; until then `restore` takes it back. */
  "DELETE /api/v1/users/{user_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Every address that reaches somebody: one's own, or anybody's with `users.manage`. */
  "GET /api/v1/users/{user_id}/addresses/": {
    query: undefined;
    body: undefined;
    answer: OwnAddresses;
  };
  /** Give somebody one more address, which they may also send as. 409 `address_exists`. */
  "POST /api/v1/users/{user_id}/addresses/": {
    query: undefined;
    body: NewAddressRequest;
    answer: OwnAddress;
  };
  /** Take an address away. 409 `primary_address` for the one they log in with. */
  "DELETE /api/v1/users/{user_id}/addresses/{address_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Let somebody log in with another of their addresses from now on. */
  "POST /api/v1/users/{user_id}/addresses/{address_id}/primary/": {
    query: undefined;
    body: undefined;
    answer: OwnAddresses;
  };
  /** Somebody's picture, a square WebP. */
  "GET /api/v1/users/{user_id}/avatar/": {
    query: {
      size?: 256 | 64;
      v?: string;
    };
    body: undefined;
    answer: Blob;
  };
  /** Upload a picture (PNG, JPEG, WebP, GIF) as the raw body. 400 `bad_picture`, 413 `too_large`. */
  "POST /api/v1/users/{user_id}/avatar/": {
    query: undefined;
    body: Blob;
    answer: UserShape;
  };
  /** Go without a picture. */
  "DELETE /api/v1/users/{user_id}/avatar/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Take a deletion back. */
  "POST /api/v1/users/{user_id}/restore/": {
    query: undefined;
    body: undefined;
    answer: UserShape;
  };
  /** Oneself, with settings and permissions. */
  "GET /api/v1/users/me/": {
    query: undefined;
    body: undefined;
    answer: MyselfShape;
  };
  /** Change what one tells of oneself, and whom. `status: null` takes the status away. */
  "PATCH /api/v1/users/me/": {
    query: undefined;
    body: PatchedMyselfChangeRequest;
    answer: MyselfShape;
  };
  /** By which address one recovers; null for none. */
  "GET /api/v1/users/me/recovery-address/": {
    query: undefined;
    body: undefined;
    answer: RecoveryAddressShape;
  };
  /** Propose an address outside; a code goes there, the old one stays until it is proved. Asks for step-up. */
  "POST /api/v1/users/me/recovery-address/": {
    query: undefined;
    body: AddressAskRequest;
    answer: Flow;
  };
  /** Go without a recovery address; the one that was is told. Asks for step-up. */
  "DELETE /api/v1/users/me/recovery-address/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** Prove the proposed address with the code. */
  "POST /api/v1/users/me/recovery-address/confirm/": {
    query: undefined;
    body: AddressProofRequest;
    answer: RecoveryAddressShape;
  };
  /** Who is here now and does not hide it. Who hides it is shown nobody. */
  "GET /api/v1/users/online/": {
    query: {
      /** 1 to 200. */
      limit?: number;
    };
    body: undefined;
    answer: UserList;
  };
  /** People by words in the name or the address. A hidden address is not found. */
  "POST /api/v1/users/search/": {
    query: undefined;
    body: UserSearchRequest;
    answer: UserList;
  };
  /** What those who write are answered while the account's owner is away. */
  "GET /api/v1/vacation/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: undefined;
    answer: VacationShape;
  };
  /** Change it. Switched on anew, it answers everybody once more. 400 `bad_vacation`. */
  "PATCH /api/v1/vacation/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
    };
    body: PatchedVacationChangeRequest;
    answer: VacationShape;
  };
  /** One's own webhooks and, for administrators, the organisation's. */
  "GET /api/v1/webhooks/": {
    query: undefined;
    body: undefined;
    answer: Webhooks;
  };
  /** Tell a URL from now on; the answer has its secret, once. 400 `invalid_url`. */
  "POST /api/v1/webhooks/": {
    query: undefined;
    body: NewWebhookRequest;
    answer: WebhookWithSecret;
  };
  /** One webhook. */
  "GET /api/v1/webhooks/{endpoint_id}/": {
    query: undefined;
    body: undefined;
    answer: Webhook;
  };
  /** Change it, or switch it off and on; what it missed meanwhile can be replayed. */
  "PATCH /api/v1/webhooks/{endpoint_id}/": {
    query: undefined;
    body: PatchedWebhookChangeRequest;
    answer: Webhook;
  };
  /** Remove it with its log; what still waits is not sent. */
  "DELETE /api/v1/webhooks/{endpoint_id}/": {
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /** What it was told in the last 30 days, newest first. */
  "GET /api/v1/webhooks/{endpoint_id}/deliveries/": {
    query: {
      /** `next` of the page before. */
      cursor?: string;
      /** How many at a time. */
      limit?: number;
      state?: "delivered" | "failed" | "pending" | "skipped";
    };
    body: undefined;
    answer: WebhookDeliveries;
  };
  /** One with its body and every try. */
  "GET /api/v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/": {
    query: undefined;
    body: undefined;
    answer: WebhookDeliveryInFull;
  };
  /** Try again from the start, under the same `webhook-id`. 409 `already_pending`, `webhook_disabled`. */
  "POST /api/v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/replay/": {
    query: undefined;
    body: undefined;
    answer: WebhookDelivery;
  };
  /** A new secret, shown once; the old one signs beside it for `keep_hours`. */
  "POST /api/v1/webhooks/{endpoint_id}/rotate/": {
    query: undefined;
    body: RotationRequest;
    answer: WebhookWithSecret;
  };
  /** Send the event `webhook.test`. 409 `webhook_disabled`. */
  "POST /api/v1/webhooks/{endpoint_id}/test/": {
    query: undefined;
    body: undefined;
    answer: WebhookDelivery;
  };
  /** What can be told. */
  "GET /api/v1/webhooks/events/": {
    query: undefined;
    body: undefined;
    answer: EventKinds;
  };
  /** Send a message; the same as `send` under the name of requirement G10. 400 `invalid_recipient`. */
  "POST /mail/create/v1/": {
    query: undefined;
    body: NamedMessageRequest;
    answer: Sent;
  };
  /** E-mails in Trash, newest first. */
  "GET /mail/get/v1/delete/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "cc" | "from" | "has_attachment" | "id" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "mailbox_ids" | "preview" | "received_at" | "sent_at" | "size_bytes" | "snippet" | "subject" | "thread_id" | "to")[];
      /** How many at a time. */
      limit?: number;
      /** Newest first if left out. */
      sort?: "-received_at" | "received_at";
    };
    body: undefined;
    answer: EmailPage;
  };
  /** E-mails in Inbox, newest first. */
  "GET /mail/get/v1/inbox/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "cc" | "from" | "has_attachment" | "id" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "mailbox_ids" | "preview" | "received_at" | "sent_at" | "size_bytes" | "snippet" | "subject" | "thread_id" | "to")[];
      /** How many at a time. */
      limit?: number;
      /** Newest first if left out. */
      sort?: "-received_at" | "received_at";
    };
    body: undefined;
    answer: EmailPage;
  };
  /** One e-mail in full; the same as `email` under the name of requirement G9. */
  "GET /mail/get/v1/mail/{email_id}/": {
    query: {
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "attachments" | "authentication" | "bcc" | "cc" | "delivery" | "draft" | "filed_by" | "from" | "has_attachment" | "has_html" | "has_remote_content" | "html_url" | "id" | "in_reply_to" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "list_unsubscribe" | "mailbox_ids" | "message_id" | "preview" | "receipt_to" | "received_at" | "references" | "reply_to" | "sent_at" | "size_bytes" | "spam" | "subject" | "text" | "thread_id" | "to" | "trust")[];
    };
    body: undefined;
    answer: Email;
  };
  /** E-mails in Sent, newest first. */
  "GET /mail/get/v1/sent/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "cc" | "from" | "has_attachment" | "id" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "mailbox_ids" | "preview" | "received_at" | "sent_at" | "size_bytes" | "snippet" | "subject" | "thread_id" | "to")[];
      /** How many at a time. */
      limit?: number;
      /** Newest first if left out. */
      sort?: "-received_at" | "received_at";
    };
    body: undefined;
    answer: EmailPage;
  };
  /** E-mails in Junk, newest first. */
  "GET /mail/get/v1/spam/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "cc" | "from" | "has_attachment" | "id" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "mailbox_ids" | "preview" | "received_at" | "sent_at" | "size_bytes" | "snippet" | "subject" | "thread_id" | "to")[];
      /** How many at a time. */
      limit?: number;
      /** Newest first if left out. */
      sort?: "-received_at" | "received_at";
    };
    body: undefined;
    answer: EmailPage;
  };
  /** Starred e-mails, newest first. */
  "GET /mail/get/v1/star/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "cc" | "from" | "has_attachment" | "id" | "is_answered" | "is_draft" | "is_flagged" | "is_forwarded" | "is_seen" | "keywords" | "mailbox_ids" | "preview" | "received_at" | "sent_at" | "size_bytes" | "snippet" | "subject" | "thread_id" | "to")[];
      /** How many at a time. */
      limit?: number;
      /** Newest first if left out. */
      sort?: "-received_at" | "received_at";
    };
    body: undefined;
    answer: EmailPage;
  };
  /** Threads with an e-mail that fits, newest first; the same as `threads` with `q`. */
  "GET /mail/search/v1/": {
    query: {
      /** An account's id; one's own if left out. */
      account?: string;
      /** `next` of the page before. */
      cursor?: string;
      /** Only these parts of each item, separated by commas, and its `id`. */
      fields?: ("account_id" | "email_count" | "email_ids" | "has_attachment" | "has_draft" | "id" | "is_answered" | "is_flagged" | "last_at" | "mailbox_ids" | "placed_at" | "preview" | "recipients" | "senders" | "snippet" | "subject" | "unread_count")[];
      /** How many at a time. */
      limit?: number;
      /** Look in this mailbox only. */
      mailbox?: string;
      /** Words and operators, as in `threads`. */
      q: string;
      /** Only threads with unread e-mails. */
      unread?: boolean;
    };
    body: undefined;
    answer: ThreadPage;
  };
  /** Mark e-mails read or unread: all of them, or none when one is not there. */
  "PATCH /mail/update/v1/read/": {
    query: undefined;
    body: PatchedReadChangeRequest;
    answer: Updated;
  };
  /** Star e-mails or take their stars off: all of them, or none when one is not there. */
  "PATCH /mail/update/v1/star/": {
    query: undefined;
    body: PatchedStarChangeRequest;
    answer: Updated;
  };
  /** What a token of the client's own is good for (RFC 7662). */
  "POST /oauth/introspect/": {
    query: undefined;
    body: Blob;
    answer: { [name: string]: unknown };
  };
  /** The public keys that ID tokens are signed with. */
  "GET /oauth/jwks/": {
    query: undefined;
    body: undefined;
    answer: { [name: string]: unknown };
  };
  /** End a token (RFC 7009). A refresh token takes its chain along; an unknown one is no error. */
  "POST /oauth/revoke/": {
    query: undefined;
    body: Blob;
    answer: undefined;
  };
  /** A code or a refresh token for tokens (RFC 6749 §3.2). PKCE always; a refresh token works once. */
  "POST /oauth/token/": {
    query: undefined;
    body: Blob;
    answer: OAuthTokens;
  };
  /** Who the person is, by scope (OpenID Connect Core §5.3). */
  "GET /oauth/userinfo/": {
    query: undefined;
    body: undefined;
    answer: { [name: string]: unknown };
  };
};
