import { expect, test } from "vitest";
import { levels, refusals, weightText } from "./levels";

test("the usual thresholds have names, another one is shown as it is", () => {
  expect(levels(5).map(({ label }) => label)).toEqual(["Strict", "Usual", "Lenient"]);
  expect(levels(6.5).at(-1)).toEqual({ value: "6.5", label: "From 6.5 points" });
});

test("refusals begin with none and keep their order", () => {
  expect(refusals(null).map(({ value }) => value)).toEqual(["", "10", "15", "25"]);
  expect(refusals(12).map(({ value }) => value)).toEqual(["", "10", "12", "15", "25"]);
});

test("weights say which way they speak", () => {
  expect([4.66, -4, 0.04, 20].map(weightText)).toEqual(["+4.7", "−4", "0", "+20"]);
});
