import { expect, it } from "vitest";
import { endOf } from "./status";

/** A Wednesday. */
const now = new Date(2026, 10, 25, 15, 30);

it("ends after minutes, with the day, with the week, or never", () => {
  expect(endOf("never", now)).toBeNull();
  expect(endOf("30m", now)).toBe(new Date(2026, 10, 25, 16, 0).toISOString());
  expect(endOf("4h", now)).toBe(new Date(2026, 10, 25, 19, 30).toISOString());
  expect(endOf("today", now)).toBe(new Date(2026, 10, 26).toISOString());
  expect(endOf("week", now)).toBe(new Date(2026, 10, 30).toISOString());
  const sunday = new Date(2026, 10, 29, 9, 0);
  expect(endOf("week", sunday)).toBe(new Date(2026, 10, 30).toISOString());
});
