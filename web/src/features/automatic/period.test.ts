import { describe, expect, it } from "vitest";
import { isTurned, momentsOf, periodOf } from "./period";

describe("the days of an absence", () => {
  it("last until midnight of the last day", () => {
    const { from_at, until_at } = momentsOf({ first: "2026-12-24", last: "2026-12-31" });
    expect(new Date(from_at ?? "")).toEqual(new Date(2026, 11, 24));
    expect(new Date(until_at ?? "")).toEqual(new Date(2027, 0, 1));
  });
  it("come back as they were typed", () => {
    for (const period of [
      { first: "2026-12-24", last: "2026-12-24" },
      { first: "", last: "2026-03-29" },
      { first: "2026-10-25", last: "" },
      { first: "", last: "" },
    ])
      expect(periodOf(momentsOf(period))).toEqual(period);
  });
  it("may be left open", () => expect(momentsOf({ first: "", last: "" })).toEqual({ from_at: null, until_at: null }));
  it("do not end before they begin", () => {
    expect(isTurned({ first: "2026-12-24", last: "2026-12-23" })).toBe(true);
    expect(isTurned({ first: "2026-12-24", last: "2026-12-24" })).toBe(false);
    expect(isTurned({ first: "2026-12-24", last: "" })).toBe(false);
  });
});
