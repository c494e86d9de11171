import { describe, expect, it } from "vitest";
import { message } from "../testing/chat";
import { lastAfter, lastFrom } from "./last-message";

const three = lastFrom(message(3));

describe("the newest message of a conversation", () => {
  it("is the one with the highest number, whatever the order it is told in", () => {
    expect(lastAfter(three, [message(5), message(4)])?.number).toBe(5);
    expect(lastAfter(null, [message(1)])?.text).toBe("Word 1");
  });

  it("stays when older ones change, and follows its own edits", () => {
    expect(lastAfter(three, [message(2, { text: "Other" })])).toEqual(three);
    expect(lastAfter(three, [message(3, { text: "Other" })])?.text).toBe("Other");
  });

  it("is nothing of a thread, of the house, or deleted", () => {
    const others = [message(4, { thread_id: "t1" }), message(5, { kind: "system" }), message(6, { deleted_at: "x" })];
    expect(lastAfter(three, others)).toEqual(three);
  });

  it("is not known when it was deleted, unless a newer one came with the news", () => {
    const gone = message(3, { deleted_at: "2026-11-21T09:00:00Z" });
    expect(lastAfter(three, [gone])).toBeNull();
    expect(lastAfter(three, [gone, message(4)])?.number).toBe(4);
  });

  it("holds no more than the list shows", () => {
    expect(lastFrom(message(1, { text: "x".repeat(2000) })).text).toHaveLength(300);
  });
});
