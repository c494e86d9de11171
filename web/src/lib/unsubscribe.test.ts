import { expect, it } from "vitest";
import { unsubscribeOf } from "./unsubscribe";

it("prefers the web", () =>
  expect(unsubscribeOf("<mailto:x@y.org>, <https://y.org/u>")).toEqual({ kind: "web", url: "https://y.org/u" }));
it("takes mail without its subject", () =>
  expect(unsubscribeOf("<mailto:x@y.org?subject=leave%20me>")).toEqual({ kind: "mail", email: "x@y.org" }));
it("survives a broken escape", () =>
  expect(unsubscribeOf("<mailto:100%@y.org>")).toMatchObject({ email: "100%@y.org" }));
it("takes neither scripts nor plain http", () => {
  expect(unsubscribeOf("<javascript:alert(1)>")).toBeNull();
  expect(unsubscribeOf("<http://y.org/u>")).toBeNull();
});
