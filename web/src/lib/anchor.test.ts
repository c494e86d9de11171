import { describe, expect, it } from "vitest";
import { arrivalsAbove, placesOf, shiftOf } from "./anchor";

const rows = (text: string) => [...text].map((id) => ({ id }));
const places = (text: string) => placesOf(rows(text));

describe("shiftOf", () => {
  it("counts arrivals above", () => expect(shiftOf(rows("abcde"), places("xyabcde"), 2)).toBe(2));
  it("counts rows that left above", () => expect(shiftOf(rows("abcde"), places("bcde"), 2)).toBe(-1));
  it("is still when rows change below", () => expect(shiftOf(rows("abcde"), places("abce"), 2)).toBe(0));
  it("lets the next row take the place of the first one seen", () =>
    expect(shiftOf(rows("abcde"), places("abde"), 2)).toBe(0));
  it("is still when nothing is left", () => expect(shiftOf(rows("abc"), places(""), 1)).toBe(0));
});

describe("arrivalsAbove", () => {
  it("names what came in at the top", () => expect(arrivalsAbove(places("abc"), rows("xyabc"))).toEqual(rows("xy")));
  it("has none when a list was drawn anew", () => expect(arrivalsAbove(places("abc"), rows("xyz"))).toEqual([]));
});
