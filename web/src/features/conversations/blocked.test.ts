import { expect, it } from "vitest";
import { conversation, message } from "../../testing/chat";
import { isFolded } from "./blocked";
import { lastLine } from "./listing";

const blocked = new Set(["bob"]);

it("folds what a blocked person says until one wants to see it", () => {
  const bobs = message(1);
  expect(isFolded(bobs, blocked, {})).toBe(true);
  expect(isFolded(bobs, blocked, { m1: true })).toBe(false);
  expect(isFolded(message(2, { author: { id: "carol", name: "Carol", email: null } }), blocked, {})).toBe(false);
  expect(isFolded(message(3, { author: { id: null, name: "Zoe", email: "zoe@x" } }), blocked, {})).toBe(false);
});

it("says nothing of it in the list", () => {
  const { id, number, author, text, created_at } = message(1);
  const last = { id, number, author, text, has_files: false, created_at };
  expect(lastLine(conversation({ last }), "me", new Set())?.text).toBe("Word 1");
  const shown = lastLine(conversation({ last }), "me", blocked);
  expect(JSON.stringify(shown)).not.toContain("Word 1");
  expect(JSON.stringify(shown)).not.toContain("Bob");
});
