import { expect, it } from "vitest";
import { isForNow, remedyWords, whyWords } from "./refusalWords";

const listed = { code: "550 5.7.1", answer: "Your address 192.0.2.7 is on the block list bl.example; ask there" };

it("says why in words", () => {
  expect(whyWords({ code: "550 5.1.1", answer: "No such person here" })).toBe("Nobody of that name");
  expect(whyWords({ code: "550 5.7.1", answer: "Relaying denied" })).toBe("Not allowed");
  expect(whyWords(listed)).toBe("On a block list");
});

it("says where to find what was refused for what it is", () => {
  const junk = { code: "550 5.7.1", answer: "This looks like junk to those it is for; it lies with their junk mail" };
  expect(whyWords(junk)).toBe("Taken for junk");
  expect(remedyWords(junk)).toMatch(/“Not junk” there/);
  expect(remedyWords({ ...junk, answer: "This looks like junk to those it is for." })).toMatch(/^Allow the sender/);
  const forged = { code: "550 5.7.26", answer: "bank.example asks to refuse it (DMARC); it lies with their junk mail" };
  expect([whyWords(forged), remedyWords(forged)]).toEqual([
    "A forged sender",
    expect.stringMatching(/lies in Junk of whom/),
  ]);
});

it("has words for codes it does not know", () => {
  expect(whyWords({ code: "599 5.9.9", answer: "" })).toBe("Refused");
  expect(whyWords({ code: "499", answer: "" })).toBe("Not just now");
  expect(remedyWords({ code: "", answer: "" })).toBe("The answer says what stood in the way.");
});

it("says what to do, and whether the other side does it", () => {
  expect(remedyWords({ code: "451 4.7.1", answer: "" })).toMatch(/within some minutes/);
  expect(remedyWords(listed)).toMatch(/keeps that list/);
  expect([isForNow("451 4.7.1"), isForNow("550 5.1.1")]).toEqual([true, false]);
});
