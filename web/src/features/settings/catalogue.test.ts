import { expect, it } from "vitest";
import { SECTIONS, SETTINGS, settingsFor } from "./catalogue";

const found = (typed: string) => [...settingsFor(typed)];

it("shows everything while nothing is typed", () => {
  expect(found("  ")).toEqual(SETTINGS.map((one) => one.id));
});

it("finds settings by what people call them", () => {
  expect(found("dark")).toEqual(["theme"]);
  expect(found("imap port")).toEqual(["clients"]);
  expect(found("undo")).toEqual(["undo"]);
  expect(found("SIGN")).toContain("signatures");
  expect(found("track")).toEqual(["images"]);
});

it("finds a whole section by its name, and nothing by nonsense", () => {
  expect(found("appearance")).toEqual(["theme", "contrast", "density"]);
  expect(found("xyzzy")).toEqual([]);
});

it("puts every setting into a section that exists", () => {
  expect(SETTINGS.every((setting) => SECTIONS.some((one) => one.id === setting.section))).toBe(true);
});
