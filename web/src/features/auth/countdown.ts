/** How long until one more letter may be asked for, and how long a code is good. */
import { useEffect, useState } from "react";

/** As `codes.py` of the server: a minute after the last letter, and two letters more at most. */
export const RESEND_MS = 60_000;
export const MOST_RESENDS = 2;

/** The milliseconds left until a moment, told each second; 0 when it is over. */
export function useLeft(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until <= Date.now()) return;
    const timer = window.setInterval(() => {
      setNow(Date.now());
      if (until <= Date.now()) window.clearInterval(timer);
    }, 1_000);
    return () => window.clearInterval(timer);
  }, [until]);
  return Math.max(0, until - now);
}

/** "0:59", rounded up, so that it never says zero while one must wait. */
export function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
