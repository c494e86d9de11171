import { describe, expect, it } from "vitest";
import { peopleLine, recipientsLine } from "./people";

const options = { own: new Set(["me@x.org"]), me: "me" };
const who = (name: string, email = `${name.toLowerCase()}@x.org`) => ({ name, email });

describe("peopleLine", () => {
  it("gives one person in full", () => expect(peopleLine([who("Alice Ek")], options)).toBe("Alice Ek"));
  it("falls back to the address", () => expect(peopleLine([who("", "a@x.org")], options)).toBe("a@x.org"));
  it("shortens several and knows oneself", () =>
    expect(peopleLine([who("Alice Ek"), who("Anyone", "Me@x.org")], options)).toBe("Alice, me"));
  it("understands names turned around", () =>
    expect(peopleLine([who("Ek, Alice"), who("Bob Li")], options)).toBe("Alice, Bob"));
  it("leaves out the middle of many", () =>
    expect(peopleLine([who("A"), who("B"), who("C"), who("D")], options)).toBe("A .. C, D"));
});

describe("recipientsLine", () => {
  it("names a few as anywhere", () => expect(recipientsLine([who("A"), who("B"), who("C")], options)).toBe("A, B, C"));
  it("counts the many, and looks for oneself among them", () => {
    const many = [who("A"), who("B"), who("C"), who("Anyone", "me@x.org")];
    expect(recipientsLine(many, options)).toBe("me, A and 2 others");
    expect(recipientsLine(many.slice(0, 3).concat(who("D")), options)).toBe("A, B and 2 others");
  });
});
