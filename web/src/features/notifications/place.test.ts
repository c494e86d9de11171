import { expect, it } from "vitest";
import type { Notification } from "../../api/notifications";
import { countOf, placeOf, withRead } from "./place";

function made(facts: Partial<Notification>): Notification {
  return {
    id: "1",
    seq: "1",
    kind: "mail",
    tag: "mail:1",
    about: { room: "mail", id: "7", in: "8" },
    title: "Bob",
    body: "",
    urgency: "normal",
    times: 1,
    created_at: "2026-11-28T08:00:00Z",
    is_read: false,
    read_at: null,
    ...facts,
  };
}

it("leads to the thread of an e-mail, and nowhere for what is only said", () => {
  expect(placeOf(made({}))).toBe("/mail/inbox/8");
  expect(placeOf(made({ about: null }))).toBeNull();
  expect(placeOf(made({ about: { room: "moon", id: "1", in: "2" } }))).toBeNull();
  expect(placeOf(made({ about: { room: "conversations", id: "5", in: "12" } }))).toBe("/conversations/5?at=12");
  expect(placeOf(made({ about: { room: "reminders", id: "5", in: "12" } }))).toBe("/conversations/5?at=12");
  expect(placeOf(made({ about: { room: "conversations", id: "5", in: "7.12" } }))).toBe(
    "/conversations/5?thread=7&at=12",
  );
  expect(placeOf(made({ about: { room: "conversations", id: "5", in: "x" } }))).toBe("/conversations/5");
  expect(placeOf(made({ about: { room: "mail", id: "1", in: "../x" } }))).toBe("/mail/inbox/..%2Fx");
});

it("counts to ninety-nine", () => {
  expect([0, 7, 99, 100, 999].map(countOf)).toEqual(["0", "7", "99", "99+", "99+"]);
});

it("shows as read what was read, and counts it once", () => {
  const page = { items: [made({ id: "1" }), made({ id: "2", is_read: true }), made({ id: "3" })], unread: 2 };
  const one = withRead(page, ({ id }) => id === "1");
  expect(one.items.map(({ is_read }) => is_read)).toEqual([true, true, false]);
  expect(one.unread).toBe(1);
  expect(withRead(one, ({ id }) => id === "1")).toEqual(one);
  expect(withRead(page, () => true).unread).toBe(0);
});
