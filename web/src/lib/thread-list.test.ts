import { describe, expect, it } from "vitest";
import { threadRow } from "../testing/make";
import { appendPage, applyToList, listFromPage, refreshFirstPage } from "./thread-list";

const at = (minute: number) => `2026-11-21T07:${String(minute).padStart(2, "0")}:00.000Z`;
/** Each has a later e-mail elsewhere. */
const row = (id: string, minute: number) => threadRow({ id, last_at: at(59), placed_at: at(minute) });
const list = (ids: [string, number][], next: string | null = null) =>
  listFromPage({ items: ids.map(([id, minute]) => row(id, minute)), next, state: "1" });
const ids = (of: { rows: { id: string }[] }) => of.rows.map((one) => one.id).join(" ");

describe("a list of threads", () => {
  it("puts an arrival where its time says", () => {
    const after = applyToList(
      list([
        ["a", 9],
        ["b", 5],
      ]),
      [{ row: row("c", 7), verdict: "in" }],
    );
    expect(ids(after)).toBe("a c b");
  });

  it("moves a thread up when a newer e-mail of this list came", () => {
    const before = list([
      ["a", 9],
      ["b", 5],
    ]);
    const after = applyToList(before, [{ row: row("b", 10), verdict: "in", newestAt: at(10) }]);
    expect(ids(after)).toBe("b a");
  });

  it("leaves a thread in its place when the newer e-mail lies elsewhere", () => {
    const before = list([
      ["a", 9],
      ["b", 5],
    ]);
    expect(ids(applyToList(before, [{ row: row("b", 10), verdict: "in" }]))).toBe("a b");
    expect(ids(applyToList(before, [{ row: row("b", 10), verdict: "in", newestAt: at(5) }]))).toBe("a b");
  });

  it("finds the place of an arrival among threads that are newer elsewhere", () => {
    const sent = list([
      ["a", 9],
      ["b", 8],
      ["c", 3],
    ]);
    expect(ids(applyToList(sent, [{ row: row("n", 40), verdict: "in", newestAt: at(7) }]))).toBe("a b n c");
  });

  it("puts a row that was taken out back where it was", () => {
    const before = list([
      ["d", 9],
      ["c", 6],
      ["b", 3],
    ]);
    const taken = before.rows[1];
    if (!taken) throw new Error("three were made");
    const without = applyToList(before, [{ row: taken, verdict: "out" }]);
    expect(ids(applyToList(without, [{ row: taken, verdict: "in" }]))).toBe("d c b");
  });

  it("keeps where the words of a search stand", () => {
    const snippet = { email_id: "e1", subject: [], text: [{ text: "deep", is_match: true }] };
    const page = { items: [{ ...row("a", 9), snippet }], next: null, state: "1" };
    const after = applyToList(listFromPage(page), [{ row: row("a", 9), verdict: "keep" }]);
    expect(after.rows[0]?.snippet).toEqual(snippet);
  });

  it("changes a row in its place", () => {
    const before = list([
      ["a", 9],
      ["b", 5],
    ]);
    const after = applyToList(before, [{ row: { ...row("b", 5), subject: "new" }, verdict: "in" }]);
    expect(ids(after)).toBe("a b");
    expect(after.rows[1]?.subject).toBe("new");
  });

  it("drops what left or was destroyed", () => {
    const before = list([
      ["a", 9],
      ["b", 5],
      ["c", 3],
    ]);
    expect(ids(applyToList(before, [{ row: row("a", 9), verdict: "out" }], ["c"]))).toBe("b");
  });

  it("keeps what may stay, but does not bring it in", () => {
    const before = list([["a", 9]]);
    const after = applyToList(before, [
      { row: row("a", 9), verdict: "keep" },
      { row: row("z", 8), verdict: "keep" },
    ]);
    expect(ids(after)).toBe("a");
  });

  it("leaves a row older than all that was read to its page", () => {
    const older = [{ row: row("z", 1), verdict: "in" as const }];
    expect(ids(applyToList(list([["a", 9]], "cursor"), older))).toBe("a");
    expect(ids(applyToList(list([["a", 9]], null), older))).toBe("a z");
  });

  it("fills an empty list even when more is to be read", () => {
    expect(ids(applyToList(list([], "cursor"), [{ row: row("z", 1), verdict: "in" }]))).toBe("z");
  });

  it("is the same object when nothing in it changed", () => {
    const before = list([["a", 9]]);
    expect(applyToList(before, [{ row: row("q", 3), verdict: "out" }], ["x"])).toBe(before);
  });

  it("shows no row twice when a page overlaps", () => {
    const after = appendPage(
      list(
        [
          ["a", 9],
          ["b", 5],
        ],
        "x",
      ),
      { items: [row("b", 5), row("c", 3)], next: null, state: "2" },
    );
    expect(ids(after)).toBe("a b c");
    expect(after.next).toBeNull();
  });

  it("keeps older pages when a fresh first page joins them", () => {
    const before = list(
      [
        ["a", 9],
        ["b", 5],
        ["c", 3],
      ],
      "deep",
    );
    const after = refreshFirstPage(before, { items: [row("n", 10), row("b", 5)], next: "shallow", state: "2" });
    expect(ids(after)).toBe("n b c");
    expect(after.next).toBe("deep");
  });

  it("starts over when the fresh page does not join", () => {
    const before = list(
      [
        ["a", 9],
        ["b", 5],
      ],
      "deep",
    );
    const after = refreshFirstPage(before, { items: [row("n", 30), row("m", 20)], next: "shallow", state: "2" });
    expect(ids(after)).toBe("n m");
    expect(after.next).toBe("shallow");
  });
});
