import { describe, expect, it } from "vitest";
import { spansOf, textBlocks } from "./plain-text";

const shape = (text: string) => textBlocks(text).map((block) => `${block.kind}:${block.lines.join("|")}`);

describe("textBlocks", () => {
  it("folds the quote with the line that announces it", () =>
    expect(shape("Yes.\n\nOn Tue, 3 Mar 2026, Bob wrote:\n> Shall we?\n> \n> Bob")).toEqual([
      "text:Yes.",
      "quote:On Tue, 3 Mar 2026, Bob wrote:|> Shall we?|> |> Bob",
    ]));
  it("keeps answers between quotes", () =>
    expect(shape("> one\nyes\n> two\nno")).toEqual(["quote:> one", "text:yes", "quote:> two", "text:no"]));
  it("finds the signature", () => expect(shape("Hi\n-- \nBob\nACME")).toEqual(["text:Hi", "signature:-- |Bob|ACME"]));
  it("takes all under an original message", () =>
    expect(shape("Yes\n-----Original Message-----\nFrom: Bob\n\nShall we?")).toEqual([
      "text:Yes",
      "quote:-----Original Message-----|From: Bob||Shall we?",
    ]));
  it("does not take a sentence with a colon for a quote", () =>
    expect(shape("On the list:\nmilk")).toEqual(["text:On the list:|milk"]));
  it("has nothing for an empty mail", () => expect(shape("\n \n")).toEqual([]));
});

describe("spansOf", () => {
  it("links addresses and leaves the full stop", () =>
    expect(spansOf("See https://x.org/a(b). Or bob@x.org, please")).toEqual([
      { kind: "words", text: "See " },
      { kind: "link", text: "https://x.org/a(b)" },
      { kind: "words", text: ". Or " },
      { kind: "address", text: "bob@x.org" },
      { kind: "words", text: ", please" },
    ]));
  it("never makes a link of a script", () =>
    expect(spansOf("javascript:alert(1)")).toEqual([{ kind: "words", text: "javascript:alert(1)" }]));
});
