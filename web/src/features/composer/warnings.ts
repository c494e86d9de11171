/** The few warnings worth stopping a send for, and the hint about people outside. */
import type { Addr } from "../../api/types";
import { hasFields } from "../../lib/fields";
import { domainOf } from "./addresses";

export type WarningCode =
  | "forgotten_attachment"
  | "empty_subject"
  | "empty_body"
  | "many_recipients"
  | "unfilled_fields"
  | "overtaken";
export type SendWarning = { code: WarningCode; message: string };

export type WarningFacts = {
  subject: string;
  /** The words written here, without quote and signature: what others wrote promises nothing. */
  ownText: string;
  attachmentCount: number;
  recipientCount: number;
  isReplyAll: boolean;
  isForward: boolean;
  /** Who has written to the thread since the answer was begun. */
  cameFrom: readonly string[];
};

export const MANY_RECIPIENTS = 10;

/** English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish/Norwegian. */
const PROMISES = [
  /\b(?:see|find|i(?:'|’)?ve|have|i(?:'|’)m|am|is|are|please find|here(?:'|’)?s)\b[^.?!\n]{0,40}\battach(?:ed|ing|ment|ments)\b/iu,
  /\b(?:attached|enclosed)\s+(?:is|are|you|please|find|the|my|our|a|an|file|document|pdf)\b/iu,
  /\b(?:the|my|this|these|our) attachments?\b/iu,
  /\bi(?:'|’)?(?:ll| will)? attach(?:ed)?\b/iu,
  /(?:^|\n)\s*attached\b/iu,
  /\b(?:im|als|den|die|siehe)\s+(?:anhang|anhänge|anlage)\b|\b(?:angehängt|beigefügt|anbei)\b/iu,
  /\b(?:ci-joint|ci-jointe|ci-joints|pi[èe]ces?[ -]jointes?|en pi[èe]ce jointe)\b/iu,
  /\b(?:adjunto|adjunta|adjuntos|adjuntas|archivo adjunto)\b/iu,
  /\b(?:allegato|allegati|in allegato)\b/iu,
  /(?:^|[^\p{L}])(?:em anexo|anexo|anexado|anexos)(?![\p{L}])/iu,
  /\b(?:bijlagen?|bijgevoegd|bijgaand)\b/iu,
  /\b(?:w załączniku|w załączeniu|załącznik|załączam)/iu,
  /\b(?:bifogat|bifogad|bifogar|bifogas|vedhæftet|vedlagt)\b/iu,
];
const NOT_HERE =
  /\b(?:no|without|remove|removed|your|previous|earlier|last) attachments?\b|\b(?:very|so|too|quite|emotionally) attached to\b|\bohne (?:anhang|anlage)\b|\bsans pi[èe]ce jointe\b/giu;

export function promisesAttachment(text: string): boolean {
  const said = text.replace(NOT_HERE, " ");
  return PROMISES.some((promise) => promise.test(said));
}

export function warningsFor(facts: WarningFacts): SendWarning[] {
  const warnings: SendWarning[] = [];
  if (facts.cameFrom.length > 0) {
    const who = [...new Set(facts.cameFrom)].join(", ");
    warnings.push({ code: "overtaken", message: `Since you began, this thread has new mail from ${who}.` });
  }
  if (facts.attachmentCount === 0 && promisesAttachment(facts.ownText)) {
    warnings.push({ code: "forgotten_attachment", message: "You write of an attachment, and none is attached." });
  }
  if (!facts.subject.trim()) warnings.push({ code: "empty_subject", message: "The subject is empty." });
  if (!facts.ownText.trim() && facts.attachmentCount === 0 && !facts.isForward) {
    warnings.push({ code: "empty_body", message: "You have not written anything." });
  }
  if (facts.isReplyAll && facts.recipientCount >= MANY_RECIPIENTS) {
    warnings.push({
      code: "many_recipients",
      message: `Your answer goes to ${facts.recipientCount} people. Everyone will get it.`,
    });
  }
  if (hasFields(facts.ownText) || hasFields(facts.subject)) {
    warnings.push({ code: "unfilled_fields", message: "A field of a template such as {{name}} is not filled in." });
  }
  return warnings;
}

/** True for an address at none of our own domains. Without a domain of our own nobody is outside. */
export function isOutside(addr: Addr, ownAddresses: readonly string[]): boolean {
  const ours = ownAddresses.map(domainOf).filter(Boolean);
  return ours.length > 0 && addr.email.includes("@") && !ours.includes(domainOf(addr.email));
}
