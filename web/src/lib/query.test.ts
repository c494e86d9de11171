import { describe, expect, it } from "vitest";
import { completionsOf, partsOf, withCompletion } from "./query";

describe("partsOf", () => {
  it("tells operators from words", () =>
    expect(partsOf('red car from:bob -in:"old mail" https://x.org')).toEqual([
      { kind: "words", text: "red car" },
      { kind: "operator", name: "from", value: "bob", isNegated: false, text: "from:bob" },
      { kind: "operator", name: "in", value: "old mail", isNegated: true, text: '-in:"old mail"' },
      { kind: "words", text: "https://x.org" },
    ]));
  it("has nothing for nothing", () => expect(partsOf("  ")).toEqual([]));
});

describe("completionsOf", () => {
  const labels = (q: string) => completionsOf(q, ["Inbox", "Old mail"]).map((one) => one.label);
  it("offers every operator at the start", () => expect(labels("").length).toBeGreaterThan(5));
  it("completes an operator after words", () => expect(labels("car fr")).toEqual(["from:"]));
  it("completes its values", () => expect(labels("is:un")).toEqual(["is:unread"]));
  it("knows the mailboxes", () => expect(labels("in:o")).toEqual(["in:Old mail"]));
  it("is silent behind a blank", () => expect(labels("car ")).toEqual([]));
  it("takes the unfinished word's place", () => {
    const [first] = completionsOf("car -in:o", ["Old mail"]);
    expect(first && withCompletion("car -in:o", first)).toBe('car -in:"Old mail" ');
  });
});
