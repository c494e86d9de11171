import { expect, it } from "vitest";
import { mailbox } from "../testing/make";
import type { Branch } from "./mailbox-tree";
import { flatten, labelBranches, mailboxTree, unreadInside } from "./mailbox-tree";

const label = (id: string, name: string, parent_id: string | null = null, unread_emails = 0) =>
  mailbox({ id, role: null, name, parent_id, unread_emails });

const mailboxes = [
  label("5", "Deep", "3", 4),
  label("2", "Work"),
  label("3", "Bills", "2", 1),
  label("4", "Art"),
  mailbox({ id: "archive", role: "archive", name: "Archive" }),
  label("6", "2025", "archive"),
  mailbox(),
];
const outline = (branches: Branch[]) => flatten(branches).map(({ depth, mailbox: one }) => `${depth} ${one.name}`);

it("puts each under the one it lies in, be that a label or a mailbox with a role", () => {
  expect(outline(mailboxTree(mailboxes))).toEqual([
    "0 Inbox",
    "0 Archive",
    "1 2025",
    "0 Art",
    "0 Work",
    "1 Bills",
    "2 Deep",
  ]);
});

it("names the way to each", () => {
  expect(labelBranches(mailboxes).map(({ mailbox: one, inside }) => [one.name, inside])).toEqual([
    ["2025", "Archive"],
    ["Art", ""],
    ["Work", ""],
    ["Bills", "Work"],
    ["Deep", "Work / Bills"],
  ]);
});

it("keeps one whose parent is not known, and one with a role, at the top", () => {
  const lost = [label("7", "Lost", "gone"), mailbox({ id: "8", role: "sent", name: "Sent", parent_id: "7" })];
  expect(outline(mailboxTree(lost))).toEqual(["0 Sent", "0 Lost"]);
});

it("counts what is unread at any depth beneath, without its own", () => {
  const [work] = mailboxTree(mailboxes).filter((one) => one.mailbox.name === "Work");
  expect(work && unreadInside(work)).toBe(5);
  const [bills] = work?.children ?? [];
  expect(bills && unreadInside(bills)).toBe(4);
});
