import { expect, it } from "vitest";
import { SETTINGS, settingsFor } from "./catalogue";
import { SECTIONS, sectionOf } from "./sections";

const found = (typed: string) => settingsFor(typed).flatMap(({ settings }) => settings.map((one) => one.id));

it("finds everything while nothing is typed, in the order of the pages", () => {
  expect(found("  ").toSorted()).toEqual(SETTINGS.map((one) => one.id).toSorted());
  expect(settingsFor("").map(({ section }) => section)).toEqual(SECTIONS.map(({ id }) => id));
});

it("finds settings by what people call them", () => {
  expect(found("dark")).toEqual(["theme"]);
  expect(found("imap port")).toEqual(["clients"]);
  expect(found("undo")).toEqual(["undo"]);
  expect(found("SIGN")).toContain("signatures");
  expect(found("track")).toEqual(["images"]);
  expect(found("avatar")).toEqual(["picture"]);
  expect(found("hook")).toEqual(["webhooks"]);
});

it("finds a whole section by its name, and nothing by nonsense", () => {
  expect(found("appearance")).toEqual(["theme", "contrast", "density"]);
  expect(found("xyzzy")).toEqual([]);
});

it("puts something on every page", () => {
  for (const { id } of SECTIONS) expect(SETTINGS.some((one) => one.section === id)).toBe(true);
  expect(sectionOf("mail")?.title).toBe("Mail");
  expect(sectionOf("males")).toBeNull();
});
