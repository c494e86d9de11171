import { describe, expect, it } from "vitest";
import { threadRow } from "../testing/make";
import { rowAfter, rowBefore } from "./going-on";

const rows = ["a", "b", "c", "d"].map((id) => threadRow({ id }));
const leaving = (...ids: string[]) => new Set(ids);

describe("what opens when threads leave the list", () => {
  it("is the next older one", () => expect(rowAfter(rows, leaving("b"), "b")?.id).toBe("c"));
  it("skips others that leave with it", () => expect(rowAfter(rows, leaving("b", "c"), "b")?.id).toBe("d"));
  it("is the newer one at the end of the list", () => expect(rowAfter(rows, leaving("d"), "d")?.id).toBe("c"));
  it("is nothing when all leave", () => expect(rowAfter(rows, leaving("a", "b", "c", "d"), "b")).toBeNull());
  it("is nothing for a thread that is not in the list", () => expect(rowAfter(rows, leaving("x"), "x")).toBeNull());
  it("is the next newer one when going back", () => expect(rowBefore(rows, leaving("c"), "c")?.id).toBe("b"));
});
