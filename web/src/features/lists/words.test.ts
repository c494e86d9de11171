import { describe, expect, it } from "vitest";
import type { MailingList, Member, Sending } from "../../api/mailing";
import { nameFrom, outcomeWords, reached, reachWords, whyNot } from "./words";

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/;

const list = (counts: Partial<MailingList>): MailingList => ({
  id: "1",
  account_id: "2",
  name: "news",
  title: "News",
  members: 0,
  left: 0,
  suppressed: 0,
  created_at: "2026-11-21T07:20:00.000Z",
  ...counts,
});

const sending = (counts: Partial<Sending>): Sending => ({
  submission_id: "1",
  email_id: "2",
  subject: "x",
  state: "done",
  sent_at: "2026-11-21T07:20:00.000Z",
  recipients: 0,
  waiting: 0,
  delivered: 0,
  failed: 0,
  left: 0,
  suppressed: 0,
  read: 0,
  complained: 0,
  ...counts,
});

describe("nameFrom", () => {
  it.each([
    ["News of the inn", "news-of-the-inn"],
    ["  Été à Genève! ", "ete-a-geneve"],
    ["--", ""],
    ["日本", ""],
    [`${"long ".repeat(40)}`, undefined],
  ])("makes of %j a name the server takes", (title, name) => {
    const made = nameFrom(title);
    if (name !== undefined) expect(made).toBe(name);
    if (made) expect(made).toMatch(NAME);
  });
});

it("says whom a list reaches", () => {
  expect(reachWords(list({}))).toBe("Nobody is on it yet");
  const some = list({ members: 12, left: 2, suppressed: 1 });
  expect(reachWords(some)).toBe("12 members · 2 have left · 1 is passed over");
  expect(reached(some)).toBe(9);
});

it("says why a member gets nothing", () => {
  const member: Member = {
    id: "1",
    address: "a@b.test",
    name: "",
    consent: "x",
    added_at: "2026-11-21T07:20:00.000Z",
    left_at: null,
    suppression_id: null,
    suppressed: null,
  };
  expect(whyNot(member)).toBeNull();
  expect(whyNot({ ...member, suppressed: "bounced" })).toBe("Mail comes back");
  expect(whyNot({ ...member, suppressed: "bounced", left_at: "2026-11-21T07:20:00.000Z" })).toMatch(/^Left /);
});

it("says what came of a sending", () => {
  expect(outcomeWords(sending({ state: "held", waiting: 3 }))).toBe("Not sent yet");
  expect(outcomeWords(sending({ delivered: 3, waiting: 1, failed: 2, left: 1 }))).toBe(
    "3 delivered · 1 on its way · 2 came back · 1 had left",
  );
});
