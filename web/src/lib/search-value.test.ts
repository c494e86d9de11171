import { parseSearchWith, stringifySearchWith } from "@tanstack/react-router";
import { expect, it } from "vitest";
import { searchValue } from "./search-value";

const parse = parseSearchWith(searchValue);
const stringify = stringifySearchWith(JSON.stringify, searchValue);

it("keeps every digit of an id", () => {
  expect(parse("?account=60051634557812741&at=12&details=true&q=two%20words")).toEqual({
    account: "60051634557812741",
    at: 12,
    details: true,
    q: "two words",
  });
});

it("gives back what it was given", () => {
  for (const search of [{ account: "60051634557812741" }, { q: "12" }, { q: "true", unread: true }, { at: 12 }])
    expect(parse(stringify(search))).toEqual(search);
});
