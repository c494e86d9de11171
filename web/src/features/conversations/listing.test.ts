import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { chatKeys } from "../../api/chat";
import { conversation, counter } from "../../testing/chat";
import { fitting, foldersOf, lastLine, listed, nextUnread, sectionsOf, shownOf, unreadCount } from "./listing";

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

  it("keeps what lies in a folder there, read or not", () => {
    const some = [...all, named("e", 5, { folder: "Work" }), named("f", 6, { folder: "Work" }), named("g", 7)];
    const { folders, unread, others } = sectionsOf(listed(some, [counter("a"), counter("e")]));
    expect(folders.map((one) => [one.name, ids(one.all)])).toEqual([["Work", ["f", "e"]]]);
    expect([ids(unread), ids(others)]).toEqual([["a"], ["g", "d", "c"]]);
    expect(foldersOf([named("x", 1, { folder: "b" }), ...some])).toEqual(["b", "Work"]);
  });

  it("shows of a closed section what is unread and what is open", () => {
    const some = listed(all, [counter("a")]);
    expect(ids(shownOf(some, true, "c"))).toEqual(["a", "c"]);
    expect(ids(shownOf(some, false, null))).toHaveLength(4);
  });

  it("is ordered by what was said last, not by what was answered in a thread", () => {
    const last = { id: "1", number: 1, author: { id: "bob", name: "Bob" }, text: "", has_files: false };
    const early = { ...named("early", 9), last: { ...last, created_at: at(1) } };
    const late = { ...named("late", 2), last: { ...last, created_at: at(2) } };
    expect(ids(sectionsOf(listed([early, late], [])).others)).toEqual(["late", "early"]);
  });

  it("tells what was said last, and by whom where that is not plain", () => {
    const said = (author: { id: string | null; name: string }, text = "**Hello** @[Bob](user:7)") => ({
      last: { id: "1", number: 1, author, text, has_files: true, created_at: at(1) },
    });
    const bob = { id: "bob", name: "Bob" };
    expect(lastLine(conversation(said(bob)), "me")).toEqual({ who: "Bob", text: "Hello @Bob" });
    expect(lastLine(conversation({ ...said(bob), kind: "direct" }), "me")?.who).toBe("");
    expect(lastLine(conversation({ ...said(bob, ""), kind: "direct" }), "bob")).toEqual({ who: "You", text: "a file" });
    expect(lastLine(conversation(said({ id: null, name: "" })), "")?.who).toBe("Somebody who left");
    expect(lastLine(conversation(), "me")).toBeNull();
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
