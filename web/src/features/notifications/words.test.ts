import { expect, it } from "vitest";
import type { Decision } from "../../api/notifications";
import { mailbox } from "../../testing/make";
import { levelWords, nameOf, outcomeOf } from "./words";

it("calls a sender who always breaks through a VIP", () => {
  expect(levelWords({ source: "person", level: "urgent" })).toContain("VIP");
  expect(levelWords({ source: "keyword", level: "urgent" })).not.toContain("VIP");
  expect(levelWords({ source: "mailbox", level: "none" })).toBe("Not at all");
});

it("names what a rule is about", () => {
  const boxes = [mailbox({ id: "7", role: null, name: "Plans" })];
  expect(nameOf({ source: "person", value: "@example.org" }, boxes)).toBe("@example.org");
  expect(nameOf({ source: "keyword", value: "tea" }, boxes)).toBe("“tea”");
  expect(nameOf({ source: "mailbox", value: "7" }, boxes)).toBe("Plans");
  expect(nameOf({ source: "mailbox", value: "8" }, boxes)).toBe("A mailbox that is not here");
});

it("says what was decided", () => {
  const made = { is_told: true, is_pushed: true, level: "push" } as Decision;
  expect(outcomeOf(made)).toBe("Told");
  expect(outcomeOf({ ...made, level: "urgent" })).toBe("Told at once");
  expect(outcomeOf({ ...made, is_pushed: false, level: "list" })).toBe("In the list only");
  expect(outcomeOf({ ...made, is_told: false, is_pushed: false, level: "none" })).toBe("Not told");
});
