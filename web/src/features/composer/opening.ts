/** What a composer holds when it opens: recipients, subject, identity, signature; the quote follows. */
import type { Addr, Email, Identity, Me } from "../../api/types";
import { ownAddresses } from "../../lib/own-addresses";
import type { ChatWords } from "./quote";
import { chatQuote } from "./quote";
import { replyIdentity, replyRecipients } from "./recipients";
import {
  type Composer,
  type ComposerAttachment,
  type ComposerContent,
  type ComposerMode,
  emptyContent,
} from "./session";
import { forwardSubject, replySubject } from "./subjects";
import { fromWireHtml, withSignature } from "./wire";

type Start = {
  mode: ComposerMode;
  email?: Email;
  draft?: Email;
  to?: Addr[];
  /** Said in a conversation, to be quoted. */
  words?: ChatWords;
  placement?: "dock" | "inline";
};

export function newComposer(init: Start, user: Me | null): Composer {
  const quote = init.words && chatQuote(init.words);
  const fresh = () => ({ ...freshContent(init, user), ...(quote ? { quoteHtml: quote.html } : {}) });
  const content = init.draft ? draftContent(init.draft) : fresh();
  return {
    key: crypto.randomUUID(),
    mode: init.draft ? draftMode(content) : init.mode,
    placement: init.placement ?? "dock",
    minimised: false,
    full: false,
    content,
    draftId: init.draft?.id ?? null,
    status: init.draft ? "saved" : "new",
    problem: null,
    refusal: null,
    revision: 0,
    isSending: false,
    isHidden: false,
    isQuoting: init.email !== undefined && init.mode !== "new",
    quoteLabel: quote?.label ?? "",
    focus: content.to.length > 0 ? "body" : "to",
  };
}

function freshContent(init: Start, user: Me | null): ComposerContent {
  const identities = user?.identities ?? [];
  const identity = init.email ? replyIdentity(init.email, identities) : identities[0];
  const content: ComposerContent = {
    ...emptyContent(),
    accountId: identity?.account_id ?? init.email?.account_id ?? null,
    identityId: identity?.id ?? null,
    to: init.to ?? [],
    subject: init.words?.subject ?? "",
    bodyHtml: withSignature("", signatureOf(identity)),
  };
  if (!init.email || init.mode === "new") return content;
  if (init.mode === "forward") {
    return { ...content, subject: forwardSubject(init.email.subject), forwardOfEmailId: init.email.id };
  }
  const { to, cc } = replyRecipients(init.mode, init.email, ownAddresses(user, init.email.account_id));
  return { ...content, to, cc, subject: replySubject(init.email.subject), replyToEmailId: init.email.id };
}

function signatureOf(identity: Identity | undefined): string {
  return identity?.signature_html ?? "";
}

/** A draft of the server, fallen into pieces again. Its inline pictures show by their signed address. */
export function draftContent(email: Email): ComposerContent {
  const draft = email.draft;
  if (!draft)
    return { ...emptyContent(), accountId: email.account_id, to: email.to, cc: email.cc, subject: email.subject };
  const part = (cid: string | null | undefined, filename: string) =>
    email.attachments.find((one) => (cid ? one.content_id === cid : one.filename === filename));
  const attachments = draft.attachments.map(
    (one): ComposerAttachment => ({
      key: crypto.randomUUID(),
      blobId: one.blob_id,
      filename: one.filename,
      contentType: one.content_type,
      sizeBytes: part(one.content_id, one.filename)?.size_bytes ?? 0,
      disposition: one.disposition,
      contentId: one.content_id ?? null,
      state: "done",
      progress: 1,
      error: null,
      file: null,
      url: part(one.content_id, one.filename)?.url ?? null,
    }),
  );
  const pieces = fromWireHtml(draft.html ?? linesToHtml(draft.text ?? ""), (cid) => part(cid, "")?.url ?? null);
  return {
    ...pieces,
    accountId: draft.account_id ?? email.account_id,
    identityId: draft.identity_id ?? null,
    to: draft.to,
    cc: draft.cc,
    bcc: draft.bcc,
    subject: draft.subject,
    attachments,
    replyToEmailId: draft.reply_to_email_id ?? null,
    forwardOfEmailId: draft.forward_of_email_id ?? null,
    asksRead: draft.asks_read ?? false,
    asksDelivery: draft.asks_delivery ?? false,
  };
}

function draftMode(content: ComposerContent): ComposerMode {
  if (content.forwardOfEmailId) return "forward";
  return content.replyToEmailId ? "reply" : "new";
}

function linesToHtml(text: string): string {
  const line = document.createElement("p");
  return text
    .split("\n")
    .map((words) => {
      line.textContent = words;
      return line.outerHTML;
    })
    .join("");
}
