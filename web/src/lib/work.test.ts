import { expect, it } from "vitest";
import { emptyWords, VIEWS, viewOf } from "./work";

it("takes what an address names, and one's own for anything else", () => {
  expect(viewOf("unassigned")).toBe("unassigned");
  expect(viewOf("nonsense")).toBe("mine");
});

it("has words for every list that is empty", () => {
  for (const { view } of VIEWS) expect(emptyWords(view)).not.toBe("");
});
