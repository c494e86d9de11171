import { describe, expect, it } from "vitest";
import { mailbox } from "../testing/make";
import { scopeOf } from "./place";

const mailboxes = [mailbox(), mailbox({ id: "7", role: null, name: "Work" })];

describe("scopeOf", () => {
  it("finds a mailbox by role and by id", () => {
    expect(scopeOf("inbox", {}, mailboxes)).toEqual({ mailbox: "inbox" });
    expect(scopeOf("7", { unread: true }, mailboxes)).toEqual({ mailbox: "7", unread: true });
  });
  it("knows stars and words", () => {
    expect(scopeOf("starred", {}, [])).toEqual({ flagged: true });
    expect(scopeOf("search", { q: " from:bob " }, [])).toEqual({ q: "from:bob" });
    expect(scopeOf("search", { q: "x", in: "messages" }, [])).toEqual({ q: "x", in: "messages" });
  });
  it("has none for a box that is not there, or for no words", () => {
    expect(scopeOf("nowhere", {}, mailboxes)).toBeNull();
    expect(scopeOf("search", { q: " " }, mailboxes)).toBeNull();
  });
});
