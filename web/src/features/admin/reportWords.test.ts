import { expect, it } from "vitest";
import { failureWords, shareWords } from "./reportWords";

it("says how much is proved, and what the rest may be", () => {
  expect(shareWords({ messages: 1, aligned: 1 })).toBe("1 mail named the domain. All are proved to be of it.");
  expect(shareWords({ messages: 100, aligned: 90 })).toMatch(/^100 mails .* 90 are proved to be of it, 10 are not: /);
  expect(shareWords({ messages: 5, aligned: 4 })).toMatch(/ 1 is not: /);
});

it("says why others could not connect safely", () => {
  expect(failureWords({ kind: "certificate-expired", server: "mx.here.test", sessions: 2 })).toBe(
    "mx.here.test: the certificate has expired (2 connections)",
  );
  expect(failureWords({ kind: "something-new", server: null, sessions: 1 })).toBe("something-new (1 connection)");
});
