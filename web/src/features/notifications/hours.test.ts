import { expect, it } from "vitest";
import { daysInWords, FIRST_SPAN, restUntil, withDay } from "./hours";

it("says which days", () => {
  expect(daysInWords([0, 1, 2, 3, 4, 5, 6])).toBe("every day");
  expect(daysInWords([4, 0, 1, 3, 2])).toBe("Mon–Fri");
  expect(daysInWords([6, 5])).toBe("Sat, Sun");
  expect(daysInWords([0, 2])).toBe("Mon, Wed");
  expect(daysInWords([3])).toBe("Thu");
});

it("adds and takes days, but never the last", () => {
  const span = { ...FIRST_SPAN, days: [1] };
  expect(withDay(span, 0, true).days).toEqual([0, 1]);
  expect(withDay(span, 1, true).days).toEqual([1]);
  expect(withDay(span, 1, false).days).toEqual([1]);
  expect(withDay({ ...span, days: [0, 1] }, 1, false).days).toEqual([0]);
});

it("rests until the next such moment", () => {
  const noon = new Date(2026, 10, 28, 12, 30);
  expect(restUntil("hour", noon)).toEqual(new Date(2026, 10, 28, 13, 30));
  expect(restUntil("evening", noon)).toEqual(new Date(2026, 10, 28, 18, 0));
  expect(restUntil("morning", noon)).toEqual(new Date(2026, 10, 29, 8, 0));
  expect(restUntil("evening", new Date(2026, 10, 30, 18, 0))).toEqual(new Date(2026, 11, 1, 18, 0));
});
