import { expect, it } from "vitest";
import { bestMatches } from "../../lib/match";
import { clockIn, localeItems, localeName, zoneItems, zoneWords } from "./zones";

const find = (items: { id: string; title: string; hint?: string | undefined }[], typed: string) =>
  bestMatches(items, typed, (one) => `${one.title} ${one.hint ?? ""}`).map((one) => one.id);

it("finds a time zone by its city, its region or both", () => {
  const items = zoneItems("Europe/Paris");
  expect(find(items, "paris")).toEqual(["Europe/Paris"]);
  // Engines have old and new names of it.
  expect(find(items, "buenos").at(0)).toMatch(/^America\/.*Buenos_Aires$/);
  expect(find(items, "australia syd")).toEqual(["Australia/Sydney"]);
  expect(find(items, "utc")).toContain("UTC");
  expect(items.filter((one) => one.isTicked).map((one) => one.id)).toEqual(["Europe/Paris"]);
});

it("keeps what is set, though this browser does not know it", () => {
  expect(zoneItems("Mars/Olympus").some((one) => one.id === "Mars/Olympus")).toBe(true);
  expect(localeItems("tlh").find((one) => one.isTicked)?.id).toBe("tlh");
});

it("names a zone, and what the clock says there", () => {
  expect(zoneWords("America/New_York")).toEqual({ title: "New York", hint: "America" });
  expect(zoneWords("UTC")).toEqual({ title: "UTC", hint: "" });
  expect(clockIn("Asia/Tokyo", new Date("2026-11-27T12:30:00Z"))).toBe("21:30, GMT+9");
  expect(clockIn("Mars/Olympus", new Date())).toBe("");
});

it("finds a language by its name or its tag, and offers only tags that the server takes", () => {
  expect(find(localeItems("en"), "french can")).toEqual(["fr-CA"]);
  expect(find(localeItems("en"), "de-at")).toEqual(["de-AT"]);
  expect(localeName("fr-FR")).toBe("French, France");
  const taken = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;
  expect(localeItems("en").filter((one) => !taken.test(one.id))).toEqual([]);
});
