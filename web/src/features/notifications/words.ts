/** Rules and decisions as a person says them. */
import type { Decision, NewRule, Rule } from "../../api/notifications";
import type { Mailbox } from "../../api/types";
import { t } from "../../lib/i18n";
import { mailboxName } from "../../lib/place";

/** What one writes rules about here; those of conversations are made in them. */
export type Source = "person" | "keyword" | "mailbox";

export const SOURCES: { value: Source; label: string }[] = [
  { value: "person", label: t("Sender") },
  { value: "keyword", label: t("Word") },
  { value: "mailbox", label: t("Mailbox") },
];

const WORDS: { [level in NewRule["level"]]: string } = {
  urgent: t("Always, also in quiet hours"),
  push: t("In the list and on devices"),
  list: t("In the list only"),
  named: t("When you are named"),
  none: t("Not at all"),
};

export const LEVELS = (["urgent", "push", "list", "none"] as const).map((value) => ({ value, label: WORDS[value] }));

export function levelWords({ source, level }: Pick<Rule, "source" | "level">): string {
  return source === "person" && level === "urgent" ? t("VIP: always, also in quiet hours") : WORDS[level];
}

export function nameOf({ source, value }: Pick<Rule, "source" | "value">, mailboxes: readonly Mailbox[]): string {
  if (source === "keyword") return `“${value}”`;
  if (source === "person") return value;
  const mailbox = mailboxes.find(({ id }) => id === value);
  if (source === "mailbox") return mailbox ? mailboxName(mailbox) : t("A mailbox that is not here");
  return source === "account" ? t("An account") : t("A conversation");
}

/** What was decided, in two or three words. */
export function outcomeOf({ is_told, is_pushed, level }: Decision): string {
  if (!is_told) return t("Not told");
  if (!is_pushed) return t("In the list only");
  return level === "urgent" ? t("Told at once") : t("Told");
}
