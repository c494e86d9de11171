import { describe, expect, it } from "vitest";
import { email } from "../testing/make";
import { openAtFirst, piecesOf } from "./folding";

const mails = (count: number) => Array.from({ length: count }, (_, index) => email({ id: `e${index}` }));

describe("openAtFirst", () => {
  it("opens the newest and what is unread, but no draft", () => {
    const [a, b, c] = mails(3);
    if (!a || !b || !c) throw new Error("three were made");
    const open = openAtFirst([{ ...a, is_seen: false }, b, c, email({ id: "d", is_draft: true })]);
    expect([...open]).toEqual(["e0", "e2"]);
  });
});

describe("piecesOf", () => {
  const shape = (count: number) =>
    piecesOf(mails(count), (one) => one.id === `e${count - 1}`).map((piece) =>
      piece.kind === "email" ? piece.email.id : `+${piece.emails.length}`,
    );
  it("shows few folded mails one by one", () => expect(shape(5)).toEqual(["e0", "e1", "e2", "e3", "e4"]));
  it("puts the middle of many together", () => expect(shape(8)).toEqual(["e0", "+5", "e6", "e7"]));
});
