import { expect, it } from "vitest";
import { shorten } from "./shorten";

it.each([
  ["Work", "Wo"],
  ["Home bills", "HB"],
  ["2026", "26"],
  ["Q1 2026 (late)", "QL"],
  ["מסמכים", "מס"],
  ["出版", "出版"],
  ["…", "?"],
])("shortens %s to %s", (name, short) => expect(shorten(name)).toBe(short));
