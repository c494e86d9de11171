import { expect, it } from "vitest";
import { ApiError } from "./error";
import { problemsOf } from "./problems";

const refusal = (code: string, detail: string, pointers: [string, string][] = []) =>
  new ApiError(400, {
    code,
    detail,
    errors: pointers.map(([pointer, text]) => ({ pointer, code, detail: text })),
  });
const names = ["email", "role", "domains"];

it("puts each part at its field, the first where there are several", () => {
  const error = refusal("invalid", "Something is wrong.", [
    ["/email", "No address."],
    ["/domains/0", "Too long."],
    ["/domains/3", "Empty."],
  ]);
  expect(problemsOf(error, { names })).toEqual({
    fields: { email: "No address.", domains: "Too long." },
    general: null,
  });
});

it("says below what belongs to no field of the form", () => {
  const error = refusal("invalid", "x", [
    ["/email", "No address."],
    ["/flow", "Unknown."],
  ]);
  expect(problemsOf(error, { names })).toEqual({ fields: { email: "No address." }, general: "Unknown." });
  expect(problemsOf(refusal("invalid", "All wrong.", [["/flow", "Too old."]]), { names }).general).toBe("Too old.");
});

it("knows by a code what names no field, and by another name what the form calls otherwise", () => {
  const byCode = { address_exists: "email" };
  expect(problemsOf(refusal("address_exists", "Taken."), { names, byCode })).toEqual({
    fields: { email: "Taken." },
    general: null,
  });
  const outside = refusal("not_outside", "Not outside.", [["/recovery_address", "Not outside."]]);
  expect(problemsOf(outside, { names, aliases: { recovery_address: "email" } }).fields).toEqual({
    email: "Not outside.",
  });
});

it("says nothing of what need not be said", () => {
  expect(problemsOf(new Error("x"), { names, words: () => null })).toEqual({ fields: {}, general: null });
});
