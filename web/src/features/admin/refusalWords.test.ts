import { expect, it } from "vitest";
import { isForNow, remedyWords, whyWords } from "./refusalWords";

const listed = { code: "550 5.7.1", answer: "Your address 192.0.2.7 is on the block list bl.example; ask there" };

it("says why in words", () => {
  expect(whyWords({ code: "550 5.1.1", answer: "No such person here" })).toBe("Nobody of that name");
  expect(whyWords({ code: "550 5.7.1", answer: "Relaying denied" })).toBe("Not allowed");
  expect(whyWords(listed)).toBe("On a block list");
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
