import { expect, it } from "vitest";
import { actWords, doorWords } from "./acts";

it("says what was done and through which door, and leaves what it does not know as it is", () => {
  expect(actWords("login.failed")).toBe("A log-in was refused");
  expect(actWords("moon.landed")).toBe("moon.landed");
  expect(doorWords("imap")).toBe("IMAP");
  expect(doorWords("pigeon")).toBe("pigeon");
});
