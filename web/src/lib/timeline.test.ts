import { describe, expect, it } from "vitest";
import type { Message } from "../api/chat";
import { message, thread } from "../testing/chat";
import type { Timeline } from "./timeline";
import { applyNews, isNewer, joined, MOST_HELD, rowsOf, withoutMessage } from "./timeline";

const held = (from: number, to: number, facts: Partial<Timeline> = {}): Timeline => ({
  messages: Array.from({ length: to - from + 1 }, (_, index) => message(from + index)),
  threads: {},
  hasOlder: false,
  hasNewer: false,
  state: String(to),
  ...facts,
});
const news = (messages: Message[], threads = [] as ReturnType<typeof thread>[]) => ({ messages, threads, state: "99" });
const numbers = (one: Timeline) => one.messages.map(({ number }) => number);

describe("a timeline", () => {
  it("takes in what is new at its end, once", () => {
    const once = applyNews(held(1, 3), news([message(4)]), null);
    expect(numbers(once)).toEqual([1, 2, 3, 4]);
    expect(numbers(applyNews(once, news([message(4)]), null))).toEqual([1, 2, 3, 4]);
  });

  it("leaves what is behind an end that is not read yet", () => {
    const middle = held(10, 12, { hasOlder: true, hasNewer: true });
    expect(applyNews(middle, news([message(4), message(40)]), null)).toBe(middle);
  });

  it("puts what was missing in its place", () => {
    const gap = { ...held(1, 2), messages: [message(1), message(3)] };
    expect(numbers(applyNews(gap, news([message(2)]), null))).toEqual([1, 2, 3]);
  });

  it("takes a newer state, and never an older one, in whatever order they come", () => {
    const edited = message(2, { text: "Other", seq: "12" });
    const deleted = message(2, { text: "", deleted_at: "2026-11-21T10:00:00Z", seq: "103" });
    const there = applyNews(applyNews(held(1, 3), news([deleted]), null), news([edited]), null);
    expect(there.messages[1]?.deleted_at).not.toBeNull();
    expect(isNewer("103", "12")).toBe(true);
  });

  it("is of the main line or of one thread", () => {
    const answer = message(4, { thread_id: "t1" });
    expect(numbers(applyNews(held(1, 3), news([answer]), null))).toEqual([1, 2, 3]);
    const inThread = { ...held(1, 1), messages: [message(1), message(2, { thread_id: "t1" })] };
    expect(numbers(applyNews(inThread, news([answer, message(5)]), "t1"))).toEqual([1, 2, 4]);
  });

  it("knows the threads that begin in it, the newest state of each", () => {
    const first = applyNews(held(1, 1), news([], [thread({ seq: "9", reply_count: 2 })]), null);
    expect(applyNews(first, news([], [thread({ seq: "8", reply_count: 1 })]), null).threads.m1?.reply_count).toBe(2);
  });

  it("reads on at one end and lets the other go", () => {
    const full = held(101, 100 + MOST_HELD, { hasOlder: true });
    const piece = { items: [message(99), message(100)], threads: [], has_older: true, has_newer: true, state: "1" };
    const older = joined(full, piece, "older");
    expect(older.messages[0]?.number).toBe(99);
    expect(older.messages).toHaveLength(MOST_HELD);
    expect(older.hasNewer).toBe(true);
  });

  it("loses what one deleted for oneself", () => {
    expect(numbers(withoutMessage(held(1, 3), "m2"))).toEqual([1, 3]);
  });

  it("comes to the same whatever the order of the changes, and however often", () => {
    const changes = [message(4), message(2, { seq: "20" }), message(5), message(4, { seq: "30", text: "x" })];
    const fresh = applyNews(held(1, 3), news(changes), null);
    let seed = 7;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let turn = 0; turn < 200; turn += 1) {
      const shuffled = [...changes, ...changes].toSorted(() => random() - 0.5);
      const applied = shuffled.reduce((one, change) => applyNews(one, news([change]), null), held(1, 3));
      expect(applied.messages).toEqual(fresh.messages);
    }
  });
});

describe("its rows", () => {
  const kinds = (rows: ReturnType<typeof rowsOf<Message>>) =>
    rows.map((row) => (row.kind === "message" ? `${row.message.number}${row.isHead ? "!" : ""}` : row.kind));

  it("stand under days, and together when one person goes on", () => {
    const next = message(4, { created_at: new Date(2026, 10, 22, 9).toISOString() });
    const all = [message(1), message(2), message(3, { author: { id: "al", name: "Al", email: null } }), next];
    expect(kinds(rowsOf(all, null, "me"))).toEqual(["day", "1!", "2", "3!", "day", "4!"]);
  });

  it("stand apart after a pause, and where something is answered", () => {
    const later = message(9);
    expect(kinds(rowsOf([message(1), later, message(10, { reply_to: "m1" })], null, "me"))).toEqual([
      "day",
      "1!",
      "9!",
      "10!",
    ]);
  });

  it("have a line above the first unread one of somebody else", () => {
    const mine = message(2, { author: { id: "me", name: "Me", email: null } });
    expect(kinds(rowsOf([message(1), mine, message(3)], 1, "me"))).toEqual(["day", "1!", "2!", "new", "3!"]);
    expect(kinds(rowsOf([message(1), mine], 1, "me"))).not.toContain("new");
  });
});
