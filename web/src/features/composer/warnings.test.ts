import { describe, expect, it } from "vitest";
import { isOutside, promisesAttachment, warningsFor } from "./warnings";

const facts = {
  subject: "Plan",
  ownText: "Hello",
  attachmentCount: 0,
  recipientCount: 1,
  isReplyAll: false,
  isForward: false,
  cameFrom: [] as string[],
};
const codes = (changes: Partial<typeof facts>) => warningsFor({ ...facts, ...changes }).map((w) => w.code);

describe("an answer that somebody else was quicker with", () => {
  it("is stopped before it goes out, and says who", () => {
    expect(codes({ cameFrom: ["Bob", "Bob"] })).toEqual(["overtaken"]);
    expect(warningsFor({ ...facts, cameFrom: ["Bob", "Bob"] })[0]?.message).toContain("mail from Bob.");
  });
});

describe("a template", () => {
  it("is not sent with its fields in it", () => {
    expect(codes({ ownText: "Dear {{ name }}," })).toEqual(["unfilled_fields"]);
    expect(codes({ subject: "For {{first_name|you}}" })).toEqual(["unfilled_fields"]);
  });
});

describe("a forgotten attachment", () => {
  it.each([
    "Please see the attached file.",
    "I have attached the report",
    "Attached is the invoice.",
    "Attached you will find it",
    "Have a look at the attachment",
    "I'm attaching the plan",
    "Here’s the plan, attached.",
    "Im Anhang findest du den Plan.",
    "Anbei die Rechnung",
    "Vous trouverez ci-joint le devis",
    "Veuillez voir la pièce jointe",
    "Adjunto el informe",
    "In allegato trovi la fattura",
    "Segue em anexo o relatório",
    "Zie de bijlage",
    "W załączniku przesyłam fakturę",
    "Bifogat finns rapporten",
  ])("is noticed in %j", (text) => expect(promisesAttachment(text)).toBe(true));

  it.each([
    "I am very attached to this dog",
    "There is no attachment needed",
    "Thanks, your attachment arrived",
    "Heftige Diskussion gestern",
    "",
  ])("is not seen in %j", (text) => expect(promisesAttachment(text)).toBe(false));

  it("is no matter once something is attached", () => {
    expect(codes({ ownText: "See attached", attachmentCount: 1 })).toEqual([]);
    expect(codes({ ownText: "See attached" })).toEqual(["forgotten_attachment"]);
  });
});

it("asks about an empty subject and an empty body", () => {
  expect(codes({ subject: "  " })).toEqual(["empty_subject"]);
  expect(codes({ ownText: " \n" })).toEqual(["empty_body"]);
  expect(codes({ ownText: "", attachmentCount: 1 })).toEqual([]);
});

it("asks before a reply to ten people or more, and not before a new mail to many", () => {
  expect(codes({ isReplyAll: true, recipientCount: 9 })).toEqual([]);
  expect(codes({ isReplyAll: true, recipientCount: 10 })).toEqual(["many_recipients"]);
  expect(codes({ isReplyAll: false, recipientCount: 30 })).toEqual([]);
});

it("knows who is outside the organisation", () => {
  expect(isOutside({ name: "", email: "x@other.org" }, ["me@Ours.org"])).toBe(true);
  expect(isOutside({ name: "", email: "x@OURS.org" }, ["me@ours.org"])).toBe(false);
  expect(isOutside({ name: "", email: "x@other.org" }, [])).toBe(false);
});
