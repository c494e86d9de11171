/** What time it is for somebody elsewhere. Pure. */
import { plural, t } from "./i18n";

const MINUTE_MS = 60_000;

/** "14:30 there, 2 hours ahead"; null for a zone that is unknown, or that one is in oneself. */
export function localTimeWords(zone: string, now: Date, own = Intl.DateTimeFormat().resolvedOptions().timeZone) {
  const there = offsetMinutes(zone, now);
  const here = offsetMinutes(own, now);
  if (there === null || here === null || there === here) return null;
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(now);
  const hours = Math.abs(there - here) / 60;
  const words = Number.isInteger(hours)
    ? plural(hours, "{n} hour", "{n} hours")
    : t("{n} hours", { n: hours.toFixed(hours * 2 === Math.round(hours * 2) ? 1 : 2) });
  return there > here
    ? t("{time} there, {words} ahead", { time, words })
    : t("{time} there, {words} behind", { time, words });
}

function offsetMinutes(zone: string, now: Date): number | null {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      hourCycle: "h23",
    }).formatToParts(now);
    const of = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
    return Math.round((wall - Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS) / MINUTE_MS);
  } catch {
    return null;
  }
}
