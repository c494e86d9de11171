/** Who gets a reply: the sender, or everyone, never ourselves unless we wrote to nobody else. */
import type { Addr, Email, Identity } from "../../api/types";
import { isSameAddress, isValidEmail } from "./addresses";

export type ReplyMode = "reply" | "replyAll";
export type Recipients = { to: Addr[]; cc: Addr[] };

/**
 * A reply to a mail of our own goes on to the people it was sent to. Reply-To wins over From
 * (RFC 5322 §3.6.2); where a list has put itself in Reply-To, reply-all still reaches the author.
 */
export function replyRecipients(mode: ReplyMode, email: Email, own: readonly string[]): Recipients {
  const isOwn = (addr: Addr) => own.some((mine) => isSameAddress(mine, addr.email));
  const isFromUs = email.from.length > 0 && email.from.every(isOwn);
  const hasReplyTo = email.reply_to.some((addr) => isValidEmail(addr.email));
  const answerTo = hasReplyTo ? email.reply_to : email.from;
  const to = unique(isFromUs && !hasReplyTo ? email.to : answerTo, []);
  const others = to.filter((addr) => !isOwn(addr));
  const kept = others.length > 0 ? others : to;
  if (mode === "reply") return { to: kept, cc: [] };
  if (isFromUs && !hasReplyTo)
    return {
      to: kept,
      cc: unique(
        email.cc.filter((a) => !isOwn(a)),
        kept,
      ),
    };
  const everyone = [...email.from, ...email.to, ...email.cc].filter((addr) => !isOwn(addr));
  const cc = unique(everyone, kept);
  if (others.length > 0 || cc.length === 0) return { to: kept, cc };
  return { to: cc, cc: [] };
}

/** The identity the mail was sent to, so that an answer comes from the address people wrote to. */
export function replyIdentity(email: Email, identities: readonly Identity[]): Identity | undefined {
  const ofAccount = identities.filter((identity) => identity.account_id === email.account_id);
  const choices = ofAccount.length > 0 ? ofAccount : identities;
  const seen = [...email.to, ...email.cc, ...email.from, ...email.bcc];
  const named = seen.flatMap((addr) => choices.filter((identity) => isSameAddress(identity.email, addr.email)));
  return named[0] ?? choices[0];
}

/** Whether reply-all would reach anyone whom a plain reply does not. */
export function hasOthersToReplyTo(email: Email, own: readonly string[]): boolean {
  const all = replyRecipients("replyAll", email, own);
  const one = replyRecipients("reply", email, own);
  return all.to.length + all.cc.length > one.to.length;
}

function unique(addrs: readonly Addr[], already: readonly Addr[]): Addr[] {
  const kept: Addr[] = [];
  for (const addr of addrs) {
    if (![...already, ...kept].some((other) => isSameAddress(other.email, addr.email))) kept.push(addr);
  }
  return kept;
}
