import { describe, expect, it } from "vitest";
import type { FoundMessage } from "../api/types";
import { threadRow } from "../testing/make";
import { entriesOf, isMessage, placeName } from "./entries";

const at = (minute: number) => `2026-11-21T07:${String(minute).padStart(2, "0")}:00.000Z`;
const row = (id: string, minute: number) => threadRow({ id, last_at: at(59), placed_at: at(minute) });
const place = { id: "7", kind: "channel" as const, name: "general", with: null };
const message = (id: string, minute: number) =>
  ({ id, at: at(minute), conversation: place, message: { number: 1 } }) as FoundMessage;
const ids = (entries: readonly { id: string }[]) => entries.map((one) => one.id).join(" ");

describe("entriesOf", () => {
  it("puts messages between threads by their time", () =>
    expect(ids(entriesOf([row("1", 9), row("2", 5)], [message("3", 10), message("4", 7), message("5", 1)]))).toBe(
      "3 1 4 2 5",
    ));
  it("settles a tie by the id, as the server does", () =>
    expect(ids(entriesOf([row("10", 5)], [message("11", 5), message("9", 5)]))).toBe("11 10 9"));
  it("leaves threads alone as they are", () => {
    const rows = [row("1", 9)];
    expect(entriesOf(rows)).toBe(rows);
    expect(entriesOf([], [message("1", 1)]).every(isMessage)).toBe(true);
  });
});

describe("placeName", () => {
  it("has the sign that a search takes", () => {
    expect(placeName(place)).toBe("#general");
    expect(placeName({ ...place, kind: "direct", with: "Bob" })).toBe("@Bob");
    expect(placeName({ ...place, kind: "group", name: "Desk" })).toBe("Desk");
  });
});
