import { expect, it } from "vitest";
import { baseSubject, forwardSubject, replySubject } from "./subjects";

it.each([
  ["Lunch", "Re: Lunch"],
  ["Re: Lunch", "Re: Lunch"],
  ["RE: re: Re[2]: Lunch", "Re: Lunch"],
  ["AW: WG: Lunch", "Re: Lunch"],
  ["SV: Lunch", "Re: Lunch"],
  ["Re： Lunch", "Re: Lunch"],
  ["回复：Lunch", "Re: Lunch"],
  ["Report: numbers", "Re: Report: numbers"],
  ["[team] Re: Lunch", "Re: [team] Re: Lunch"],
  ["", "Re:"],
])("a reply to %j is called %j", (subject, expected) => expect(replySubject(subject)).toBe(expected));

it("marks a forward once and takes the reply mark away", () => {
  expect(forwardSubject("Fwd: Re: Lunch")).toBe("Fwd: Lunch");
});

it("gives up on endless prefixes instead of hanging", () => {
  expect(baseSubject(`${"Re: ".repeat(5000)}x`).endsWith("x")).toBe(true);
});
