import { expect, it } from "vitest";
import { policiesOf, policyWords } from "./policy";

it("reads the head that the server sends", () => {
  expect(policiesOf('"general";q=1200;w=60, "search";q=240;w=60')).toEqual([
    { name: "general", quota: 1200, seconds: 60 },
    { name: "search", quota: 240, seconds: 60 },
  ]);
});

it("makes nothing of what is no policy", () => {
  expect(policiesOf("")).toEqual([]);
  expect(policiesOf('"general";q=many;w=60, junk')).toEqual([]);
});

it("says it as people do", () => {
  expect(policyWords({ name: "general", quota: 1200, seconds: 60 })).toBe("1,200 a minute");
  expect(policyWords({ name: "send", quota: 500, seconds: 3600 })).toBe("500 an hour");
  expect(policyWords({ name: "odd", quota: 5, seconds: 10 })).toBe("5 in 10 seconds");
});
