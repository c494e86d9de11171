import { describe, expect, it } from "vitest";
import type { Thread } from "../api/types";
import { listFromPage } from "../lib/thread-list";
import { changes, email, emailRow, mailbox, threadRow } from "../testing/make";
import { moveThreads } from "./acts";
import { applyEmails, applyMailboxes, applyThreads, shiftCounters, verdictOf } from "./apply";

const inbox = { mailbox: "inbox" };
const listOf = (...rows: ReturnType<typeof threadRow>[]) => listFromPage({ items: rows, next: null, state: "1" });

describe("threads in a list", () => {
  it("come in with an arrival and leave with a move elsewhere", () => {
    const arrived = applyThreads(listOf(), inbox, { changed: [threadRow()], destroyed: [] }, []);
    expect(arrived.rows).toHaveLength(1);
    const moved = { ...threadRow(), mailbox_ids: ["archive"] };
    expect(applyThreads(arrived, inbox, { changed: [moved], destroyed: [] }, []).rows).toHaveLength(0);
  });

  it("do not flash back while an act of this person is on its way", () => {
    const act = moveThreads([threadRow()], { from: "inbox", to: "archive" });
    const late = { changed: [threadRow({ is_flagged: true })], destroyed: [] };
    expect(applyThreads(listOf(), inbox, late, [act]).rows).toHaveLength(0);
  });

  it("stay in the unread list once read, but a read one does not come in", () => {
    const scope = { mailbox: "inbox", unread: true } as const;
    expect(verdictOf(scope, threadRow({ unread_count: 0 }))).toBe("keep");
    expect(verdictOf(scope, threadRow({ unread_count: 1 }))).toBe("in");
  });

  it("found by words change in place only", () => {
    expect(verdictOf({ q: "hello" }, threadRow())).toBe("keep");
  });
});

describe("mailboxes", () => {
  it("are replaced, added and removed", () => {
    const page = { items: [mailbox(), mailbox({ id: "old" })], state: "1" };
    const news = { changed: [mailbox({ unread_emails: 9 }), mailbox({ id: "new" })], destroyed: ["old"] };
    const after = applyMailboxes(page, news, "2");
    expect(after.items.map((one) => [one.id, one.unread_emails])).toEqual([
      ["inbox", 9],
      ["new", 3],
    ]);
  });

  it("count down when an unread thread leaves", () => {
    const page = { items: [mailbox(), mailbox({ id: "archive", unread_emails: 0 })], state: "1" };
    const before = [threadRow({ unread_count: 2 })];
    const after = [threadRow({ unread_count: 2, mailbox_ids: ["archive"] })];
    expect(shiftCounters(page, before, after).items.map((one) => one.unread_emails)).toEqual([1, 2]);
  });
});

describe("an open thread", () => {
  const thread: Thread = { id: "1", account_id: "acc", subject: "Hello", state: "1", emails: [email()] };

  it("keeps everybody a mail went to, though a row has the first of many only", () => {
    const many = Array.from({ length: 40 }, (_, number) => ({ name: "", email: `p${number}@x.org` }));
    const full = { ...thread, emails: [email({ to: many, cc: many })] };
    const row = emailRow({ is_seen: false, to: many.slice(0, 25), cc: many.slice(0, 25) });
    const { thread: after } = applyEmails(full, changes({ emails: { changed: [row], destroyed: [] } }));
    expect(after.emails[0]).toMatchObject({ is_seen: false, to: many, cc: many });
  });
  it("takes flags and keeps the body", () => {
    const { thread: after, isStale } = applyEmails(
      thread,
      changes({ emails: { changed: [emailRow({ is_flagged: true })], destroyed: [] } }),
    );
    expect(after.emails[0]).toMatchObject({ is_flagged: true, text: "How are you" });
    expect(isStale).toBe(false);
  });

  it("is stale when an answer came in", () => {
    const news = changes({ emails: { changed: [emailRow({ id: "e2" })], destroyed: [] } });
    expect(applyEmails(thread, news).isStale).toBe(true);
  });

  it("drops a destroyed e-mail", () => {
    const news = changes({ emails: { changed: [], destroyed: ["e1"] } });
    expect(applyEmails(thread, news).thread.emails).toHaveLength(0);
  });

  it("is the same object when others changed", () => {
    const news = changes({ emails: { changed: [emailRow({ id: "x", thread_id: "9" })], destroyed: [] } });
    expect(applyEmails(thread, news)).toEqual({ thread, isStale: false });
    expect(applyEmails(thread, news).thread).toBe(thread);
  });
});
