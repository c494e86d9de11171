import { expect, it } from "vitest";
import { linkTarget } from "./links";

it.each([
  ["example.org", "https://example.org"],
  ["http://example.org/a?b#c", "http://example.org/a?b#c"],
  ["example.org:8080/x", "https://example.org:8080/x"],
  ["bob@example.org", "mailto:bob@example.org"],
  ["tel:+431234", "tel:+431234"],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["two words", null],
  ["nonsense", null],
  ["", null],
])("%j leads to %j", (typed, target) => expect(linkTarget(typed)).toBe(target));
