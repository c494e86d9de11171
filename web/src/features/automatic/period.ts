/** The days of an absence as one types them: the first and the last day away, in one's own time. */
import type { Vacation } from "../../api/automatic";

export type Period = { first: string; last: string };

const two = (number: number) => String(number).padStart(2, "0");

/** `2026-12-24`, as a field for dates has it. */
export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function midnight(day: string, later = 0): Date | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  return found ? new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + later) : null;
}

/** It ends when the day after the last begins. */
export function momentsOf({ first, last }: Period): Pick<Vacation, "from_at" | "until_at"> {
  return {
    from_at: midnight(first)?.toISOString() ?? null,
    until_at: midnight(last, 1)?.toISOString() ?? null,
  };
}

export function periodOf({ from_at, until_at }: Pick<Vacation, "from_at" | "until_at">): Period {
  return {
    first: from_at ? dayOf(new Date(from_at)) : "",
    last: until_at ? dayOf(new Date(new Date(until_at).getTime() - 1)) : "",
  };
}

/** Whether it ends before it begins. */
export function isTurned({ first, last }: Period): boolean {
  return first !== "" && last !== "" && last < first;
}
