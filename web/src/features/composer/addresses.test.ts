import { describe, expect, it } from "vitest";
import { formatAddress, isValidEmail, parseAddresses } from "./addresses";

const addr = (email: string, name = "") => ({ name, email });

describe("a pasted list of addresses", () => {
  it("takes names in angle brackets and bare addresses side by side", () => {
    expect(parseAddresses("Ada Lovelace <ada@example.org>, bob@example.org")).toEqual([
      addr("ada@example.org", "Ada Lovelace"),
      addr("bob@example.org"),
    ]);
  });

  it("keeps a comma inside a quoted name", () => {
    expect(parseAddresses('"Lovelace, Ada" <ada@example.org>; bob@example.org')).toEqual([
      addr("ada@example.org", "Lovelace, Ada"),
      addr("bob@example.org"),
    ]);
  });

  it("understands semicolons, lines, tabs and spaces between addresses", () => {
    const emails = parseAddresses("a@x.org;b@x.org\nc@x.org\r\nd@x.org e@x.org\tf@x.org").map((a) => a.email);
    expect(emails).toEqual(["a@x.org", "b@x.org", "c@x.org", "d@x.org", "e@x.org", "f@x.org"]);
  });

  it("takes a name without brackets, a comment, a mailto and a group", () => {
    expect(parseAddresses("Bob Builder bob@example.org")).toEqual([addr("bob@example.org", "Bob Builder")]);
    expect(parseAddresses("bob@example.org (Bob)")).toEqual([addr("bob@example.org", "Bob")]);
    expect(parseAddresses("mailto:bob@example.org")).toEqual([addr("bob@example.org")]);
    expect(parseAddresses("Team: a@x.org, b@x.org;").map((a) => a.email)).toEqual(["a@x.org", "b@x.org"]);
  });

  it("drops a repeat whatever its case, and a name that only repeats the address", () => {
    expect(parseAddresses("Bob@Example.org, 'bob@example.org' <bob@example.org>")).toEqual([addr("Bob@Example.org")]);
    expect(parseAddresses("'bob@example.org' <bob@example.org>")).toEqual([addr("bob@example.org")]);
  });

  it("keeps what it cannot read, so it can be shown as wrong", () => {
    expect(parseAddresses("not an address")).toEqual([addr("not an address")]);
    expect(parseAddresses("bob@")).toEqual([addr("bob@")]);
    expect(parseAddresses('"never closed <a@x.org>, b@x.org').map((a) => a.email)).toEqual(["a@x.org", "b@x.org"]);
  });

  it("reads nothing from nothing", () => {
    expect(parseAddresses("  ,;\n ,")).toEqual([]);
  });

  it("returns the same address from its own spelling", () => {
    for (const one of [addr("a@x.org", 'Say "hi", \\o/'), addr("a@x.org", "Zoë <3"), addr("a@x.org")]) {
      expect(parseAddresses(formatAddress(one))).toEqual([one]);
    }
  });

  it("stays quick on hostile input", () => {
    expect(parseAddresses(`${"(".repeat(50_000)}${"<".repeat(50_000)}`).length).toBe(1);
    expect(parseAddresses('"'.repeat(100_000)).length).toBeLessThanOrEqual(1);
  });
});

describe("an address", () => {
  it.each(["a@b.co", "first.last+tag@sub.example.org", "jürgen@müller.de", "o'neil@example.ie", "root@localhost"])(
    "%s is accepted",
    (email) => expect(isValidEmail(email)).toBe(true),
  );

  it.each([
    "",
    "a",
    "@b.co",
    "a@",
    "a@b",
    "a b@c.de",
    "a@b..de",
    ".a@b.de",
    "a@-b.de",
    "a@b.de,",
    `${"x".repeat(65)}@b.de`,
  ])("%s is marked as wrong", (email) => expect(isValidEmail(email)).toBe(false));
});
