/** Where an e-mail lies and what put it there, in words. */
import type { Sender } from "../../api/junk";
import type { Email, Mailbox } from "../../api/types";
import { t } from "../../lib/i18n";
import { mailboxName } from "../../lib/place";
import { weightText } from "../junk/levels";

type Told = Pick<Email, "spam" | "filed_by" | "mailbox_ids">;

/** Whether there is anything to tell: of what one wrote oneself, and of colleagues' mail, there is not. */
export function isTold({
  authentication,
  spam,
  filed_by,
}: Pick<Email, "authentication" | "spam" | "filed_by">): boolean {
  return authentication !== null || spam !== null || filed_by !== null;
}

/** Whether its sender was told that it was refused. */
export function isRefused({ spam }: Pick<Email, "spam">): boolean {
  return spam?.signals.some(({ name }) => name === "refused") ?? false;
}

export function liesIn(
  email: Pick<Email, "mailbox_ids">,
  mailboxes: readonly Mailbox[],
  role: Mailbox["role"],
): boolean {
  return mailboxes.some((one) => one.role === role && email.mailbox_ids.includes(one.id));
}

/** What put it where it is: a rule, the filter, or nobody. */
export function placeWords(email: Told, mailboxes: readonly Mailbox[]): string {
  const where = mailboxes
    .filter(({ id }) => email.mailbox_ids.includes(id))
    .map(mailboxName)
    .join(", ");
  const { filed_by: filing, spam } = email;
  if (filing) {
    return filing.name === null
      ? t("A rule that is gone filed it. It lies in {where}.", { where })
      : t("The rule “{name}” filed it. It lies in {where}.", { name: filing.name, where });
  }
  if (liesIn(email, mailboxes, "junk")) {
    if (isRefused(email)) return t("It was refused, and put into Junk in case that was a mistake.");
    return spam?.verdict === "junk"
      ? t("The junk filter put it into Junk.")
      : t("Somebody put it into Junk: the filter had let it in.");
  }
  if (liesIn(email, mailboxes, "inbox")) {
    return spam?.verdict === "junk"
      ? t("Somebody took it out of Junk.")
      : t("No rule filed it, and the filter let it in: so it came to the inbox.");
  }
  return t("No rule filed it. It was put into {where} by hand or by a program of yours.", { where });
}

/** The sum beside what would make it junk; `threshold` is null where it is not known (another's account). */
export function scoreWords(score: number, threshold: number | null): string {
  const points = weightText(score);
  if (threshold === null) return t("{points} points in all.", { points });
  return t("{points} points in all; from {threshold} on mail is junk to you.", { points, threshold });
}

/** The line on one's own list that is about a sender, by address before by domain, as the server asks them. */
export function listedAs(address: string, senders: readonly Sender[]): Sender | null {
  const email = address.toLowerCase();
  const domain = email.slice(email.lastIndexOf("@") + 1);
  const byDomain = senders
    .filter(({ value }) => domain === value || domain.endsWith(`.${value}`))
    .sort((a, b) => b.value.length - a.value.length);
  return senders.find(({ value }) => value === email) ?? byDomain[0] ?? null;
}
