/** How long things may be done, and messages are kept, as a person says it. Pure. */
import type { Expiring } from "../../api/generated/schema";
import { longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `""` is without end, as `null` on the wire. */
const LIMITS = ["0", 5 * MINUTE, 15 * MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY, ""].map(String);

export const textOf = (value: number | null): string => (value === null ? "" : String(value));
export const numberOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

export function secondsWords(text: string): string {
  if (text === "") return t("Without end");
  const seconds = Number(text);
  if (seconds === 0) return t("Never");
  if (seconds % DAY === 0) return plural(seconds / DAY, "{n} day", "{n} days");
  if (seconds % HOUR === 0) return plural(seconds / HOUR, "{n} hour", "{n} hours");
  if (seconds % MINUTE === 0) return plural(seconds / MINUTE, "{n} minute", "{n} minutes");
  return plural(seconds, "{n} second", "{n} seconds");
}

/** What is usual, and what holds now where that is something else. */
export function limitOptions(now: string): { value: string; label: string }[] {
  const values = LIMITS.includes(now) ? LIMITS : [now, ...LIMITS];
  return values.map((value) => ({ value, label: secondsWords(value) }));
}

export function daysWords(days: number | null): string {
  return days === null ? t("For ever") : plural(days, "{n} day", "{n} days");
}

/** What would go, as far as it was counted. */
export function expiringWords({ messages, is_more, conversations, oldest_at, is_held }: Expiring): string {
  if (messages === 0) return t("Nothing is older than that.");
  const many = is_more ? t("More than {n} messages", { n: messages }) : plural(messages, "{n} message", "{n} messages");
  const where = plural(conversations, "in {n} conversation", "in {n} conversations");
  const since = oldest_at ? t(", the oldest of {when}", { when: longDate(oldest_at) }) : "";
  const what = `${many} ${where}${since}`;
  return is_held
    ? t("{what}: they would go, but for the legal hold.", { what })
    : t("{what}: they go within an hour.", { what });
}
