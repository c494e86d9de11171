/** Moments that one names: for what is sent later, and for reminders. */
import { t } from "../../lib/i18n";

const MORNING = 8;

export function moments(now = new Date()): { title: string; at: Date }[] {
  const inAnHour = new Date(now.getTime() + 3_600_000);
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const monday = new Date(now.getFullYear(), now.getMonth(), now.getDate() + toMonday, MORNING);
  const all = [
    { title: t("in an hour"), at: inAnHour },
    { title: t("tomorrow at 8"), at: tomorrow },
    { title: t("on Monday at 8"), at: monday },
  ];
  return monday.getTime() === tomorrow.getTime() ? all.slice(0, 2) : all;
}

/** As `<input type="datetime-local">` has it. */
export function inputTime(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
