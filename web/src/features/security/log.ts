/** The lines of one's own log in words, and what they can be narrowed to. */
import type { LogEntry } from "../../api/log";
import { t } from "../../lib/i18n";

const MOST_FACT_CHARS = 80;

/** "fields: phone, title · count: 3": what the line holds beside who, when and where. */
export function factWords(facts: LogEntry["facts"]): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => {
      const text = Array.isArray(value)
        ? value.join(", ")
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
      return `${name.replaceAll("_", " ")}: ${text.length > MOST_FACT_CHARS ? `${text.slice(0, MOST_FACT_CHARS - 1)}…` : text}`;
    })
    .join(" · ");
}

/** What one may narrow it to; each is the beginning of the names of its acts. */
export const FAMILIES: { value: string; label: string }[] = [
  { value: "", label: t("Everything") },
  { value: "login.", label: t("Log-ins") },
  { value: "session.", label: t("Sessions") },
  { value: "password.", label: t("Password") },
  { value: "profile.", label: t("Profile") },
  { value: "address.", label: t("Addresses") },
  { value: "message.", label: t("Mail sent") },
  { value: "email.", label: t("Mail deleted") },
  { value: "mailbox.", label: t("Mailboxes") },
  { value: "grant.", label: t("Use of accounts") },
];

export const SPANS: { value: string; label: string; days: number }[] = [
  { value: "", label: t("At any time"), days: 0 },
  { value: "1", label: t("In the last day"), days: 1 },
  { value: "7", label: t("In the last week"), days: 7 },
  { value: "30", label: t("In the last month"), days: 30 },
];

/** To the minute, so that the same choice is the same question for a while. */
export function startOf(days: number, now: Date): string {
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000 - days * 86_400_000).toISOString();
}
