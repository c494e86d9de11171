import { expect, it } from "vitest";
import { madeUpPassword } from "./password";

it("is long enough for every organisation's usual rule, easy to read out, and another each time", () => {
  const made = new Set(Array.from({ length: 200 }, () => madeUpPassword()));
  expect(made.size).toBe(200);
  for (const one of made) expect(one).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
});

it("throws away what would make some letters come more often", () => {
  let turn = 0;
  const made = madeUpPassword((bytes) => bytes.fill(turn++ === 0 ? 255 : 30));
  expect(made).toBe("9999-9999-9999-9999");
  expect(turn).toBe(2);
});
