import { describe, expect, it } from "vitest";
import type { SearchPart } from "../api/types";
import { completionsOf, partsOf, personTyped, together, withCompletion } from "./query";

const words = (text: string): SearchPart => ({
  kind: "words",
  name: "",
  value: text,
  is_negated: false,
  text,
  only: null,
});

describe("partsOf", () => {
  it("tells operators from words", () =>
    expect(partsOf('red car from:bob -in:"old mail" https://x.org')).toEqual([
      words("red"),
      words("car"),
      { kind: "operator", name: "from", value: "bob", is_negated: false, text: "from:bob", only: null },
      { kind: "operator", name: "in", value: "old mail", is_negated: true, text: '-in:"old mail"', only: null },
      words("https://x.org"),
    ]));
  it("has nothing for nothing", () => expect(partsOf("  ")).toEqual([]));
});

describe("together", () => {
  it("joins neighbouring words and nothing else", () => {
    const not = { ...words("-x"), is_negated: true };
    const parts = [words("red"), words("car"), not, words("blue")];
    expect(together(parts).map((part) => part.text)).toEqual(["red car", "-x", "blue"]);
  });
});

describe("personTyped", () => {
  it("is the begun name of a person", () => expect(personTyped("car -from:an")).toBe("an"));
  it("is empty for other operators", () => expect(personTyped("subject:an")).toBe(""));
});

describe("completionsOf", () => {
  const labels = (q: string) =>
    completionsOf(q, { boxes: ["Inbox", "Old mail"], rooms: ["#general", "#Front desk", "@Ann"] }).map(
      (one) => one.label,
    );
  it("offers every operator at the start", () => expect(labels("").length).toBeGreaterThan(5));
  it("completes an operator after words", () => expect(labels("car fr")).toEqual(["from:"]));
  it("completes its values", () => expect(labels("is:un")).toEqual(["is:unread"]));
  it("knows the mailboxes", () => expect(labels("in:o")).toEqual(["in:Old mail"]));
  it("knows conversations by their sign, and only where one can be named", () => {
    expect(labels("in:#")).toEqual(["in:#general", "in:#Front desk"]);
    expect(labels("in:@a")).toEqual(["in:@Ann"]);
    expect(labels("label:#")).toEqual([]);
    const [first] = completionsOf("in:#f", { rooms: ["#Front desk"] });
    expect(first && withCompletion("in:#f", first)).toBe('in:"#Front desk" ');
  });
  it("knows people", () => {
    const [first] = completionsOf("(from:an", { people: [{ name: "Ann", email: "ann@x.org" }] });
    expect(first && withCompletion("(from:an", first)).toBe("(from:ann@x.org ");
  });
  it("is silent behind a blank", () => expect(labels("car ")).toEqual([]));
  it("takes the unfinished word's place", () => {
    const [first] = completionsOf("car -in:o", { boxes: ["Old mail"] });
    expect(first && withCompletion("car -in:o", first)).toBe('car -in:"Old mail" ');
  });
});
