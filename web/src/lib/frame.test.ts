import { describe, expect, it } from "vitest";
import { frameOf } from "./frame";

describe("a picture's frame", () => {
  it("keeps the shape of a large picture", () => {
    expect(frameOf(4000, 2000)).toEqual({ width: 320, height: 160 });
    expect(frameOf(1000, 4000)).toEqual({ width: 60, height: 240 });
  });

  it("draws a small one as it is", () => {
    expect(frameOf(120, 90)).toEqual({ width: 120, height: 90 });
  });

  it("leaves room to hit what is tiny or thin", () => {
    expect(frameOf(1, 1)).toEqual({ width: 44, height: 44 });
    expect(frameOf(9000, 10)).toEqual({ width: 320, height: 44 });
  });

  it("has one size for what is not known", () => {
    expect(frameOf(null, null)).toEqual(frameOf(0, 10));
  });
});
