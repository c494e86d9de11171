import { describe, expect, it } from "vitest";
import { isDarkColour } from "./frame";

describe("isDarkColour", () => {
  it("knows black and a dark blue", () => {
    expect(isDarkColour("rgb(0, 0, 0)")).toBe(true);
    expect(isDarkColour("rgb(31, 73, 125)")).toBe(true);
  });
  it("leaves light colours, and what it cannot read", () => {
    expect(isDarkColour("rgb(240, 160, 90)")).toBe(false);
    expect(isDarkColour("oklch(0.2 0 0)")).toBe(false);
  });
});
