import { describe, expect, it } from "vitest";
import type { Sender } from "../../api/junk";
import type { Mailbox } from "../../api/types";
import { isTold, listedAs, placeWords, scoreWords } from "./whyWords";

const box = (id: string, role: Mailbox["role"], name: string) => ({ id, role, name }) as Mailbox;
const BOXES = [box("1", "inbox", "Inbox"), box("2", "junk", "Junk"), box("3", null, "Bills")];

const email = (mailbox: string, rest: Partial<Parameters<typeof placeWords>[0]> = {}) => ({
  authentication: null,
  spam: null,
  filed_by: null,
  mailbox_ids: [mailbox],
  ...rest,
});
const spam = (verdict: "inbox" | "junk") => ({ score: 1, verdict, signals: [] });

describe("placeWords", () => {
  it.each([
    [email("3", { filed_by: { rule_id: "9", name: "Paper" } }), "The rule “Paper” filed it. It lies in Bills."],
    [email("3", { filed_by: { rule_id: "9", name: null } }), "A rule that is gone filed it. It lies in Bills."],
    [email("2", { spam: spam("junk") }), "The junk filter put it into Junk."],
    [
      email("2", { spam: { ...spam("junk"), signals: [{ name: "refused", weight: 0, words: "" }] } }),
      "It was refused, and put into Junk in case that was a mistake.",
    ],
    [email("2", { spam: spam("inbox") }), "Somebody put it into Junk: the filter had let it in."],
    [email("1", { spam: spam("junk") }), "Somebody took it out of Junk."],
    [email("1", { spam: spam("inbox") }), "No rule filed it, and the filter let it in: so it came to the inbox."],
    [email("3"), "No rule filed it. It was put into Bills by hand or by a program of yours."],
  ])("says what put it there (%#)", (given, words) => {
    expect(placeWords(given, BOXES)).toBe(words);
  });
});

it("tells nothing where nothing was looked at", () => {
  expect(isTold(email("1"))).toBe(false);
  expect(isTold(email("1", { spam: spam("inbox") }))).toBe(true);
});

it("says how far it was from junk", () => {
  expect(scoreWords(-2.25, 5)).toBe("−2.3 points in all; from 5 on mail is junk to you.");
  expect(scoreWords(6, null)).toBe("+6 points in all.");
});

describe("listedAs", () => {
  const line = (value: string, list: Sender["list"]) => ({ id: value, value, list }) as Sender;
  const lines = [line("example.org", "block"), line("sub.example.org", "allow"), line("ann@example.org", "allow")];
  it.each([
    ["Ann@Example.org", "ann@example.org"],
    ["bob@example.org", "example.org"],
    ["bob@x.sub.example.org", "sub.example.org"],
    ["bob@notexample.org", undefined],
  ])("finds the line about %s", (address, value) => {
    expect(listedAs(address, lines)?.value).toBe(value);
  });
});
