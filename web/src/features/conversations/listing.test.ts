import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { chatKeys } from "../../api/chat";
import { conversation, counter } from "../../testing/chat";
import { fitting, listed, nextUnread, sectionsOf, unreadCount } from "./listing";

const at = (minute: number) => new Date(2026, 10, 21, 9, minute).toISOString();
const named = (id: string, minute: number, me = {}) => {
  const one = conversation({ id, name: id, last_at: at(minute) });
  return { ...one, me: one.me && { ...one.me, ...me } };
};
const FOR_EVER = "2999-01-01T00:00:00Z";
const ids = (some: { conversation: { id: string } }[]) => some.map((one) => one.conversation.id);

describe("the list of conversations", () => {
  const all = [
    named("a", 1),
    named("b", 2, { is_favourite: true }),
    named("c", 3),
    named("d", 4, { muted_until: FOR_EVER }),
  ];
  const counters = [counter("a"), counter("d")];

  it("has favourites first, then what is unread, and muted ones among the rest", () => {
    const { favourites, unread, others } = sectionsOf(listed(all, counters));
    expect([ids(favourites), ids(unread), ids(others)]).toEqual([["b"], ["a"], ["d", "c"]]);
  });

  it("counts a muted one where one is named", () => {
    expect(unreadCount(listed(all, counters))).toBe(1);
    expect(unreadCount(listed(all, [counter("d", { mentions: 1 })]))).toBe(1);
  });

  it("counts what was marked unread by hand", () => {
    expect(unreadCount(listed([named("a", 1, { is_marked_unread: true })], []))).toBe(1);
  });

  it("is narrowed by words", () => {
    expect(ids(fitting(listed(all, []), "c"))).toEqual(["c"]);
  });

  it("knows the next unread one, round its end", () => {
    const client = new QueryClient();
    client.setQueryData(chatKeys.conversations, all);
    client.setQueryData(chatKeys.counters, [counter("a"), counter("c")]);
    expect(nextUnread(client, "c")).toBe("a");
    expect(nextUnread(client, "a")).toBe("c");
    client.setQueryData(chatKeys.counters, []);
    expect(nextUnread(client, "a")).toBeNull();
  });
});
