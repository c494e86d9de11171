import { expect, it } from "vitest";
import { changed, searchOf } from "./search";

it("takes from an address what it knows, as text", () => {
  expect(searchOf({ q: "bob", actor: 58769341, role: "", state: null, other: "x", ip: ["1"] })).toEqual({
    q: "bob",
    actor: "58769341",
  });
});

it("leaves out what was emptied", () => {
  expect(changed({ q: "bob", role: "guest" }, { q: "" })).toEqual({ role: "guest" });
});
