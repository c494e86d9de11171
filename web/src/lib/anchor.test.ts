import { describe, expect, it } from "vitest";
import { arrivalsAbove, shiftOf } from "./anchor";

const ids = (text: string) => text.split("");
const places = (text: string) => new Map(ids(text).map((id, index) => [id, index]));

describe("shiftOf", () => {
  it("counts arrivals above", () => expect(shiftOf(ids("abcde"), places("xyabcde"), 2)).toBe(2));
  it("counts rows that left above", () => expect(shiftOf(ids("abcde"), places("bcde"), 2)).toBe(-1));
  it("is still when rows change below", () => expect(shiftOf(ids("abcde"), places("abce"), 2)).toBe(0));
  it("lets the next row take the place of the first one seen", () =>
    expect(shiftOf(ids("abcde"), places("abde"), 2)).toBe(0));
  it("is still when nothing is left", () => expect(shiftOf(ids("abc"), places(""), 1)).toBe(0));
});

describe("arrivalsAbove", () => {
  it("names what came in at the top", () => expect(arrivalsAbove(ids("abc"), ids("xyabc"))).toEqual(["x", "y"]));
  it("has none when a list was drawn anew", () => expect(arrivalsAbove(ids("abc"), ids("xyz"))).toEqual([]));
});
