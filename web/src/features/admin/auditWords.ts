/** The organisation's log in words, and what it can be narrowed to. */
import type { Entry } from "../../api/generated/schema";
import { doorWords } from "../../lib/acts";
import { plural, t } from "../../lib/i18n";

/** A family is what stands before the dot; asked for with the dot. */
export const FAMILIES: { value: string; label: string }[] = [
  { value: "", label: t("Every act") },
  { value: "login.", label: t("Log-ins") },
  { value: "session.", label: t("Sessions") },
  { value: "password.", label: t("Passwords") },
  { value: "user.", label: t("People") },
  { value: "address.", label: t("Addresses") },
  { value: "invitation.", label: t("Invitations") },
  { value: "role.", label: t("Roles") },
  { value: "group.", label: t("Groups") },
  { value: "member.", label: t("Members of groups") },
  { value: "organisation.", label: t("The organisation") },
  { value: "domain.", label: t("Domains") },
  { value: "account.", label: t("Shared accounts") },
  { value: "grant.", label: t("Use of accounts") },
  { value: "message.", label: t("Messages sent") },
  { value: "email.", label: t("Mail deleted for good") },
  { value: "mailbox.", label: t("Mailboxes") },
  { value: "token.", label: t("Access tokens") },
  { value: "webhook.", label: t("Webhooks") },
  { value: "audit.", label: t("The log itself") },
];

export const DOORS: { value: string; label: string }[] = [
  { value: "", label: t("Every door") },
  ...["http", "imap", "smtp", "cli", "job"].map((value) => ({ value, label: doorWords(value) })),
];

/** What the line is about, as far as its facts say it in one line. */
export function factsOf({ facts }: Pick<Entry, "facts">): string {
  const words = ["name", "email", "role", "fields"].flatMap((name) => {
    const value = facts[name];
    if (typeof value === "string" && value) return [value];
    return Array.isArray(value) && value.length > 0 ? [value.join(", ")] : [];
  });
  if (typeof facts.again === "number") words.push(plural(facts.again, "{n} time more", "{n} times more"));
  return words.join(" · ");
}

/** A day of the calendar here, as the moment at which it begins. `after` counts days further. */
export function momentOf(day: string, after = 0): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + after).toISOString();
}
