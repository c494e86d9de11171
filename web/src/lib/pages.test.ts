import { expect, it } from "vitest";
import { itemsOf, withItem, withoutItem } from "./pages";

const item = (id: string) => ({ id, isOn: false });
const paged = {
  pages: [
    { items: [item("1"), item("2")], next: "c" },
    { items: [item("3")], next: null },
  ],
  pageParams: [null, "c"],
};
const is = (id: string) => (one: { id: string }) => one.id === id;

it("reads all pages as one list", () => {
  expect(itemsOf(paged).map((one) => one.id)).toEqual(["1", "2", "3"]);
  expect(itemsOf(undefined)).toEqual([]);
});

it("takes out and changes a row on whichever page it is, and leaves the cursors", () => {
  expect(withoutItem(paged, is("3"))).toEqual({ ...paged, pages: [paged.pages[0], { items: [], next: null }] });
  expect(withItem(paged, is("2"), { isOn: true })).toMatchObject({
    pages: [{ items: [item("1"), { id: "2", isOn: true }], next: "c" }, paged.pages[1]],
  });
});

it("does the same to a list without pages, and nothing to what is not there", () => {
  expect(withoutItem({ items: [item("1")] }, is("1"))).toEqual({ items: [] });
  expect(withItem(undefined, is("1"), {})).toBeUndefined();
});
