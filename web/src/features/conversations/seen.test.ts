import { describe, expect, it } from "vitest";
import type { Participant } from "../../api/chat";
import { message } from "../../testing/chat";
import { isDelivered, seenOf, stillToAcknowledge } from "./seen";

const person = (id: string, read: number | null, delivered = read): Participant => ({
  id: `p-${id}`,
  user_id: id,
  name: id,
  role: "member",
  joined_at: "2026-11-21T08:00:00Z",
  left_at: null,
  read_number: read,
  delivered_number: delivered,
  seq: "1",
});
const mine = (number: number, facts = {}) =>
  message(number, { author: { id: "me", name: "Me", email: null }, ...facts });

describe("who has seen it", () => {
  it("is told of one's newest message", () => {
    const messages = [mine(1), message(2), mine(3), message(4), mine(5, { thread_id: "t" })];
    const seen = seenOf(messages, [person("me", 5), person("bob", 3), person("eve", 2)], "me");
    expect(seen?.message.number).toBe(3);
    expect(seen?.people.map((one) => one.name)).toEqual(["bob"]);
    expect(seen?.isAll).toBe(false);
    expect(seenOf(messages, [person("bob", 9)], "me")?.isAll).toBe(true);
  });

  it("is not told where all hide it, nor of what was deleted", () => {
    expect(seenOf([mine(1)], [person("bob", null)], "me")).toBeNull();
    expect(seenOf([mine(1, { deleted_at: "x" })], [person("bob", 1)], "me")).toBeNull();
    expect(seenOf([mine(1)], [person("bob", 1), person("eve", null)], "me")?.isAll).toBe(false);
  });

  it("knows what has come and was not read", () => {
    const people = [person("bob", 0, 2), person("me", 2)];
    const seen = seenOf([mine(2)], people, "me");
    expect(seen && isDelivered(seen, people, "me")).toBe(true);
    const others = [person("bob", 0, 1), person("me", 2)];
    const unseen = seenOf([mine(2)], others, "me");
    expect(unseen && isDelivered(unseen, others, "me")).toBe(false);
  });

  it("knows who has still to acknowledge", () => {
    const people = [person("me", 0), person("bob", 0), person("eve", 0), { ...person("x", 0), user_id: null }];
    expect(stillToAcknowledge(mine(1), people, [{ user_id: "bob" }]).map((one) => one.name)).toEqual(["eve"]);
  });
});
