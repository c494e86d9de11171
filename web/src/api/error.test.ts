import { expect, it } from "vitest";
import { ApiError, messageOf, offlineError } from "./error";

it("gives a fault of the server with the number to ask by", () => {
  const fault = new ApiError(500, { code: "internal_error", detail: "for programs", request_id: "abc1" });
  expect(messageOf(fault)).toBe("Something went wrong on the server. Its log knows it as abc1.");
});

it("gives a refusal in the server's words, and silence in ours", () => {
  expect(messageOf(new ApiError(409, { code: "mailbox_exists", detail: "It is there.", request_id: "abc1" }))).toBe(
    "It is there.",
  );
  expect(messageOf(offlineError())).toBe("The server cannot be reached.");
});
