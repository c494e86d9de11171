/** Quiet hours in words, and the moments that "not now" can mean. */
import type { QuietSpan } from "../../api/notifications";
import { t } from "../../lib/i18n";

export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
export const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
export const FIRST_SPAN: QuietSpan = { days: EVERY_DAY, from: "22:00", to: "07:00" };

/** "every day", "Mon–Fri", "Sat, Sun". */
export function daysInWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === 7) return t("every day");
  const [first = 0] = sorted;
  const last = sorted.at(-1) ?? first;
  const isRun = sorted.length > 2 && last - first === sorted.length - 1;
  const name = (day: number) => t(DAYS[day] ?? "");
  return isRun ? `${name(first)}–${name(last)}` : sorted.map(name).join(", ");
}

export function withDay(span: QuietSpan, day: number, isOn: boolean): QuietSpan {
  const days = isOn ? [...span.days, day] : span.days.filter((one) => one !== day);
  // A span without a day would never hold.
  return days.length > 0 ? { ...span, days: [...new Set(days)].toSorted((a, b) => a - b) } : span;
}

export type Rest = "hour" | "evening" | "morning";

/** When one is told again, by this device's clock. */
export function restUntil(rest: Rest, now: Date): Date {
  if (rest === "hour") return new Date(now.getTime() + 3_600_000);
  const until = new Date(now);
  until.setHours(rest === "evening" ? 18 : 8, 0, 0, 0);
  if (until <= now) until.setDate(until.getDate() + 1);
  return until;
}
