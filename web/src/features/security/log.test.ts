import { expect, it } from "vitest";
import { factWords, startOf } from "./log";

it("tells the facts in a line, without empty ones and not at any length", () => {
  expect(factWords({ fields: ["phone", "title"], new_name: "x", old: null, none: [], count: 3 })).toBe(
    "fields: phone, title · new name: x · count: 3",
  );
  expect(factWords({ text: "y".repeat(500) }).length).toBeLessThan(100);
});

it("begins a span at a whole minute", () => {
  expect(startOf(7, new Date("2026-11-27T12:34:56.789Z"))).toBe("2026-11-20T12:34:00.000Z");
});
