import { describe, expect, it } from "vitest";
import { threadRow } from "../testing/make";
import { destroyThreads, labelThreads, markFlagged, markSeen, moveAway, moveThreads, overlay } from "./acts";
import { inverseOf } from "./inverse";

const row = threadRow({ id: "t", email_ids: ["a", "b", "c"], unread_count: 2, mailbox_ids: ["inbox"] });

describe("an act on threads", () => {
  it("marks all of a thread read, but only its newest e-mail unread", () => {
    expect(markSeen([row], true).requests[0]?.body).toEqual({ thread_ids: ["t"], is_seen: true });
    expect(markSeen([row], false).requests[0]?.body).toEqual({ ids: ["c"], is_seen: false });
  });

  it("is seen over what the server says until it is settled", () => {
    const archive = moveThreads([row], { from: "inbox", to: "archive" });
    const star = markFlagged([row], true);
    const seen = overlay({ ...row, subject: "from the server" }, [archive, star]);
    expect(seen).toMatchObject({ mailbox_ids: ["archive"], is_flagged: true, subject: "from the server" });
  });

  it("does not touch other threads", () => {
    const other = threadRow({ id: "other" });
    expect(overlay(other, [markFlagged([row], true)])).toBe(other);
  });

  it("goes to another account and is gone from where it lay", () => {
    const both = threadRow({ id: "t", mailbox_ids: ["inbox", "work"] });
    const act = moveAway([both], { from: "inbox", to: "theirs" });
    expect(act.requests[0]?.body).toEqual({ thread_ids: ["t"], from_mailbox: "inbox", to_mailbox: "theirs" });
    expect(overlay(both, [act]).mailbox_ids).toEqual(["work"]);
    expect(overlay(both, [moveAway([both], { from: null, to: "theirs" })]).mailbox_ids).toEqual([]);
  });

  it("moves out of all mailboxes when none is named", () => {
    const both = threadRow({ id: "t", mailbox_ids: ["inbox", "work"] });
    expect(overlay(both, [moveThreads([both], { from: null, to: "trash" })]).mailbox_ids).toEqual(["trash"]);
  });
});

describe("taking an act back", () => {
  it("marks unread again only what was unread", () => {
    expect(inverseOf(markSeen([row], true), [row])?.requests).toEqual([
      { path: "/emails/update/", body: { ids: ["b", "c"], is_seen: false } },
    ]);
  });

  it("puts a thread of one mailbox back in one move", () => {
    const act = moveThreads([row], { from: "inbox", to: "archive" });
    expect(inverseOf(act, [row])?.requests).toEqual([
      { path: "/emails/move/", body: { ids: ["a", "b", "c"], to_mailbox: "inbox" } },
    ]);
  });

  it("puts each e-mail where it lay when they lay apart", () => {
    const spread = { ...row, mailbox_ids: ["inbox", "archive", "work"] };
    const act = moveThreads([spread], { from: null, to: "trash" });
    expect(act.needsPlacements).toBe(true);
    act.placements = { a: ["archive"], b: ["inbox", "work"], c: ["inbox", "work"] };
    expect(inverseOf(act, [spread])?.requests).toEqual([
      { path: "/emails/move/", body: { ids: ["a"], to_mailbox: "archive" } },
      { path: "/emails/move/", body: { ids: ["b", "c"], to_mailbox: "inbox" } },
      { path: "/emails/label/", body: { ids: ["b", "c"], add: ["work"], remove: [] } },
    ]);
  });

  it("takes labels off again", () => {
    const act = labelThreads([row], { add: ["work"], remove: [] });
    expect(overlay({ ...row, mailbox_ids: ["inbox", "work"] }, [inverseOf(act, [row]) ?? act]).mailbox_ids).toEqual([
      "inbox",
    ]);
  });

  it("cannot bring back what was destroyed", () => {
    expect(inverseOf(destroyThreads([row], "trash"), [row])).toBeNull();
  });
});
