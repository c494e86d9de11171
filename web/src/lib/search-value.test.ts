import { parseSearchWith, stringifySearchWith } from "@tanstack/react-router";
import { expect, it } from "vitest";
import { searchValue } from "./search-value";

const read = parseSearchWith(searchValue);
const write = stringifySearchWith(JSON.stringify, searchValue);

it("keeps an id whole, which is longer than a number holds", () => {
  expect(read("?thread=60051586184904704&at=12")).toEqual({ thread: "60051586184904704", at: 12 });
  expect(read('?thread="60051586184904704"&q=Some+words&unread=true')).toEqual({
    thread: "60051586184904704",
    q: "Some words",
    unread: true,
  });
});

it("reads what it wrote", () => {
  for (const search of [{ thread: "60051586184904704" }, { at: 12 }, { q: "12" }, { q: "true" }, { unread: true }])
    expect(read(write(search))).toEqual(search);
});
