/** When a status ends by itself, as one says it. */
export type Ending = "never" | "30m" | "1h" | "4h" | "today" | "week";

const MINUTE_MS = 60_000;

/** The moment, in the browser's time zone; null for never. A week ends with its Sunday. */
export function endOf(ending: Ending, now: Date): string | null {
  const minutes = { "30m": 30, "1h": 60, "4h": 240 }[ending as string];
  if (minutes) return new Date(now.getTime() + minutes * MINUTE_MS).toISOString();
  if (ending === "never") return null;
  const daysLeft = ending === "week" ? (7 - now.getDay()) % 7 : 0;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysLeft + 1).toISOString();
}
