import { describe, expect, it } from "vitest";
import { hueIndexOf, initialsOf } from "./avatar";

const initials = (name: string, email = "x@y.org") => initialsOf({ name, email });

describe("initialsOf", () => {
  it("takes first and last name", () => expect(initials("Alice Maria Ek")).toBe("AE"));
  it("takes the address where there is no name", () => expect(initials("", "bob.li@y.org")).toBe("BL"));
  it("takes one sign of names that are not written in letters", () => expect(initials("山田 由紀")).toBe("山"));
  it("does not trip over marks", () => expect(initials("(Bob) -")).toBe("B"));
  it("has something for nothing", () => expect(initials("", "@")).toBe("?"));
});

it("keeps a person's colour whatever they are called", () => {
  expect(hueIndexOf("Bob@x.org")).toBe(hueIndexOf("bob@x.org"));
});
