import { expect, it } from "vitest";
import { clock } from "./countdown";

it.each([
  [60_000, "1:00"],
  [59_999, "1:00"],
  [59_000, "0:59"],
  [1, "0:01"],
  [0, "0:00"],
])("says %i ms as %s", (ms, words) => {
  expect(clock(ms)).toBe(words);
});
