import { describe, expect, it } from "vitest";
import { longDate, shortDate } from "./dates";

const now = new Date(2026, 10, 21, 12, 0);
const iso = (year: number, month: number, date: number, hours = 9, minutes = 5) =>
  new Date(year, month, date, hours, minutes).toISOString();

describe("shortDate", () => {
  it("gives the time today", () => expect(shortDate(iso(2026, 10, 21), now)).toBe("09:05"));
  it("gives the weekday within the week", () => expect(shortDate(iso(2026, 10, 17), now)).toBe("Tue"));
  it("gives day and month within the year", () => expect(shortDate(iso(2026, 2, 3), now)).toBe("3 Mar"));
  it("gives the year before that", () => expect(shortDate(iso(2024, 2, 3), now)).toBe("3 Mar 2024"));
  it("shows a clock that runs ahead as a date", () => expect(shortDate(iso(2026, 11, 3), now)).toBe("3 Dec"));
  it("says nothing of what is no date", () => expect(shortDate("nonsense", now)).toBe(""));
});

describe("longDate", () => {
  it("names yesterday", () => expect(longDate(iso(2026, 10, 20), now)).toBe("Yesterday, 09:05"));
  it("has weekday, day and time else", () => expect(longDate(iso(2026, 2, 3), now)).toBe("Tue, 3 Mar, 09:05"));
});
