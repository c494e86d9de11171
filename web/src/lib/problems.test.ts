import { expect, it } from "vitest";
import { ApiError } from "../api/error";
import { problemsOf } from "./problems";

const refused = (...errors: [string, string][]) =>
  new ApiError(400, {
    code: "invalid",
    detail: "That did not fit.",
    errors: errors.map(([pointer, detail]) => ({ pointer, detail, code: "invalid" })),
  });

it("puts what is wrong at its field, the first of several", () => {
  const error = refused(["/url", "No https."], ["/url", "Not public."], ["/links/1/url", "No link."]);
  expect(problemsOf(error, ["url", "links"])).toEqual({ url: "No https.", links: "No link." });
});

it("says at the form what is about no field of it", () => {
  expect(problemsOf(refused(["/secret", "Odd."]), ["url"])).toEqual({ "": "Odd." });
  expect(problemsOf(refused(), ["url"])).toEqual({ "": "That did not fit." });
  expect(problemsOf(new Error("Broken"), ["url"])).toEqual({ "": "Broken" });
});
