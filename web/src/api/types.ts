/** The server's nouns in the client's words. The shapes are generated from openapi.json; what differs says why. */
import type * as Wire from "./generated/schema";

export type Addr = Wire.Addr;
export type MailboxRole = Wire.RoleEnum;
export type Account = Wire.Account;
export type Identity = Wire.Identity;
export type Preferences = Wire.Me["preferences"];
export type Me = Wire.Me;
export type Session = Wire.SessionAnswer;
export type Mailbox = Wire.Mailbox;
export type MailboxPage = Wire.MailboxList;

/** `placed_at` gives a thread its place in a list, where `last_at` may be later; absent outside of lists. */
export type ThreadRow = Wire.ThreadRow & Partial<Pick<Wire.ListedThread, "placed_at" | "snippet">>;
export type Segment = Wire.SnippetSegment;
export type Snippet = Wire.Snippet;
/** One thing that must hold. The text of all, joined by blanks, is the search again. */
export type SearchPart = Wire.SearchPart;
export type SearchAnswer = Wire.SearchAnswer;
export type SearchKind = Exclude<NonNullable<Wire.Operations["GET /api/v1/search/"]["query"]["in"]>, "everything">;
/** A message that a search found, by its own id, at its place in the list. */
export type FoundMessage = { id: string; at: string; message: Wire.FoundMessage; conversation: Wire.FoundPlace };
/** What was `found` in conversations stands beside the threads. */
export type ThreadPage = Omit<Wire.ThreadPage, "items"> & { items: ThreadRow[]; found?: FoundMessage[] };

export type EmailRow = Wire.EmailRow;
export type Attachment = Wire.Attachment;
export type DeliveryState = Wire.DeliveryStateEnum;
export type Delivery = Wire.Delivery;
export type DraftAttachment = Wire.SavedPiece;

/** A draft while it is written: which account and identity it has, and what it answers, may still be open. */
type Open = "account_id" | "identity_id" | "reply_to_email_id" | "forward_of_email_id" | "asks_read" | "asks_delivery";
export type DraftContent = Omit<Wire.SavedDraft, Open> & Partial<Pick<Wire.SavedDraft, Open>>;

export type Authentication = NonNullable<Wire.Email["authentication"]>;
export type Email = Omit<Wire.Email, "draft"> & { draft: DraftContent | null };
export type Thread = Omit<Wire.Thread, "emails"> & { emails: Email[] };
export type UploadedBlob = Wire.UploadedBlob;
export type Limits = Wire.Limits;
export type Sent = Wire.Sent;
export type Submission = Wire.Submission;
export type BulkAnswer = Wire.Updated;
export type Changes = Wire.Changes;

export type ProofMethod = NonNullable<Wire.Problem["methods"]>[number] | "password";

/** What `navigator.credentials` wants to hear, with its bytes as base64url. */
export type PasskeyOptions = NonNullable<Wire.Problem["passkey"]>;

export type ProblemItem = NonNullable<Wire.Problem["errors"]>[number];
/** What a proxy answers in our place may lack any of it. Of `mfa_required`: what to answer, and by which ways. */
export type Problem = Partial<Wire.Problem>;
