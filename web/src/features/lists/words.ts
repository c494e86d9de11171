/** What lists say of themselves, in words. */
import type { MailingList, Member, Sending } from "../../api/mailing";
import { shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";

/** A name that links can carry, out of a title: small letters, digits, dots and dashes. */
export function nameFrom(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
}

export function reachWords({ members, left, suppressed }: MailingList): string {
  if (members === 0) return t("Nobody is on it yet");
  return [
    plural(members, "{n} member", "{n} members"),
    left > 0 && plural(left, "{n} has left", "{n} have left"),
    suppressed > 0 && plural(suppressed, "{n} is passed over", "{n} are passed over"),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** How many a mail to it reaches. */
export function reached({ members, left, suppressed }: MailingList): number {
  return members - left - suppressed;
}

/** Why a member gets nothing, if they do not. */
export function whyNot({ left_at, suppressed }: Member): string | null {
  if (left_at) return t("Left {when}", { when: shortDate(left_at) });
  if (suppressed === "bounced") return t("Mail comes back");
  if (suppressed === "complained") return t("Complained");
  return null;
}

/** What came of a sending; first what one hopes for. */
export function outcomeWords(one: Sending): string {
  return [
    one.state === "held" ? t("Not sent yet") : plural(one.delivered, "{n} delivered", "{n} delivered"),
    one.state !== "held" && one.waiting > 0 && plural(one.waiting, "{n} on its way", "{n} on their way"),
    one.failed > 0 && plural(one.failed, "{n} came back", "{n} came back"),
    one.left > 0 && plural(one.left, "{n} had left", "{n} had left"),
    one.suppressed > 0 && plural(one.suppressed, "{n} passed over", "{n} passed over"),
    one.complained > 0 && plural(one.complained, "{n} complained", "{n} complained"),
  ]
    .filter(Boolean)
    .join(" · ");
}
