/** One composer: its words and types, and how it becomes what the server stores. */
import type { Addr, DraftContent } from "../../api/types";
import { isSameAddress, isValidEmail } from "./addresses";
import type { SaveStatus } from "./saver";
import { toWireHtml, usedCids } from "./wire";

export type ComposerMode = "new" | "reply" | "replyAll" | "forward";
export type RecipientField = "to" | "cc" | "bcc";

export type ComposerAttachment = {
  key: string;
  blobId: string | null;
  filename: string;
  contentType: string;
  sizeBytes: number;
  disposition: "inline" | "attachment";
  contentId: string | null;
  state: "waiting" | "uploading" | "done" | "failed";
  /** From 0 to 1 while uploading. */
  progress: number;
  error: string | null;
  /** The bytes, as long as the server does not have them. */
  file: Blob | null;
  /** Where the bytes can be had: an object URL, or a signed address of the mail they come from. */
  url: string | null;
};

export type ComposerContent = {
  accountId: string | null;
  identityId: string | null;
  to: Addr[];
  cc: Addr[];
  bcc: Addr[];
  subject: string;
  bodyHtml: string;
  quoteHtml: string | null;
  attachments: ComposerAttachment[];
  replyToEmailId: string | null;
  forwardOfEmailId: string | null;
  asksRead: boolean;
  asksDelivery: boolean;
};

export type Composer = {
  key: string;
  mode: ComposerMode;
  placement: "dock" | "inline";
  minimised: boolean;
  full: boolean;
  content: ComposerContent;
  draftId: string | null;
  status: SaveStatus;
  /** Why it could not be saved, in words for people. */
  problem: string | null;
  /** Why it could not be sent. Stays until the next try. */
  refusal: string | null;
  /** Grows when the text was changed from outside the editor, which then has to take it over. */
  revision: number;
  isSending: boolean;
  /** Closed by its owner, but still saving or sending. */
  isHidden: boolean;
  /** The original is still being fetched. */
  isQuoting: boolean;
  quoteLabel: string;
  focus: "to" | "body";
};

export function emptyContent(): ComposerContent {
  return {
    accountId: null,
    identityId: null,
    to: [],
    cc: [],
    bcc: [],
    subject: "",
    bodyHtml: "",
    quoteHtml: null,
    attachments: [],
    replyToEmailId: null,
    forwardOfEmailId: null,
    asksRead: false,
    asksDelivery: false,
  };
}

export function recipientsOf(content: ComposerContent): Addr[] {
  const all: Addr[] = [];
  for (const addr of [...content.to, ...content.cc, ...content.bcc]) {
    if (!all.some((other) => isSameAddress(other.email, addr.email))) all.push(addr);
  }
  return all;
}

export function invalidRecipients(content: ComposerContent): Addr[] {
  return recipientsOf(content).filter((addr) => !isValidEmail(addr.email));
}

/** Attachments that travel: files, and those pictures that still stand in the text or quote. */
export function sentAttachments(content: ComposerContent): ComposerAttachment[] {
  // Asked at each stroke of a key, so the text is read only if it can matter.
  if (!content.attachments.some((one) => one.disposition === "inline")) return content.attachments;
  const used = usedCids(content.bodyHtml, content.quoteHtml);
  return content.attachments.filter((one) => one.disposition === "attachment" || used.includes(one.contentId ?? ""));
}

/** Those that one has added oneself: files, and pictures in one's own text. */
export function ownAttachments(content: ComposerContent): ComposerAttachment[] {
  const used = usedCids(content.bodyHtml);
  return content.attachments.filter((one) => one.disposition === "attachment" || used.includes(one.contentId ?? ""));
}

/** Parts whose bytes the server does not have yet are left out: a draft may be saved meanwhile. */
export function toDraftContent(content: ComposerContent): DraftContent {
  return {
    ...(content.accountId ? { account_id: content.accountId } : {}),
    ...(content.identityId ? { identity_id: content.identityId } : {}),
    to: content.to,
    cc: content.cc,
    bcc: content.bcc,
    subject: content.subject,
    html: toWireHtml(content.bodyHtml, content.quoteHtml),
    text: null,
    attachments: sentAttachments(content).flatMap((one) =>
      one.blobId
        ? [
            {
              blob_id: one.blobId,
              filename: one.filename,
              content_type: one.contentType,
              disposition: one.disposition,
              ...(one.contentId ? { content_id: one.contentId } : {}),
            },
          ]
        : [],
    ),
    reply_to_email_id: content.replyToEmailId,
    forward_of_email_id: content.forwardOfEmailId,
    // What was kept on this device before there were receipts has neither.
    asks_read: content.asksRead ?? false,
    asks_delivery: content.asksDelivery ?? false,
  };
}
