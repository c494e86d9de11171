import { expect, it } from "vitest";
import { localTimeWords } from "./local-time";

const WINTER = new Date("2026-11-28T12:30:00Z");
const SUMMER = new Date("2026-06-28T12:30:00Z");

it("tells the time where somebody is, and how far that is from here", () => {
  expect(localTimeWords("Europe/Berlin", WINTER, "UTC")).toBe("13:30 there, 1 hour ahead");
  expect(localTimeWords("America/New_York", WINTER, "Europe/Berlin")).toBe("07:30 there, 6 hours behind");
  expect(localTimeWords("Asia/Kolkata", WINTER, "UTC")).toBe("18:00 there, 5.5 hours ahead");
  expect(localTimeWords("Asia/Kathmandu", WINTER, "UTC")).toBe("18:15 there, 5.75 hours ahead");
});

it("knows summer from winter, and days that are not the same", () => {
  expect(localTimeWords("Europe/Berlin", SUMMER, "UTC")).toBe("14:30 there, 2 hours ahead");
  expect(localTimeWords("Pacific/Auckland", WINTER, "America/Los_Angeles")).toBe("01:30 there, 21 hours ahead");
});

it("says nothing of one's own zone, or of one that is none", () => {
  expect(localTimeWords("Europe/Berlin", WINTER, "Europe/Paris")).toBeNull();
  expect(localTimeWords("Moon/Base", WINTER, "UTC")).toBeNull();
});
