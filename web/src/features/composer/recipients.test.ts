import { describe, expect, it } from "vitest";
import type { Addr, Identity } from "../../api/types";
import { hasOthersToReplyTo, replyIdentity, replyRecipients } from "./recipients";
import { addrs, makeEmail } from "./testing/make";

const OWN = ["alice@example.org", "sales@example.org"];
const emails = (list: Addr[]) => list.map((addr) => addr.email);
const reply = (mode: "reply" | "replyAll", changes: Parameters<typeof makeEmail>[0]) => {
  const { to, cc } = replyRecipients(mode, makeEmail(changes), OWN);
  return { to: emails(to), cc: emails(cc) };
};

describe("a reply", () => {
  it("goes to the sender", () => {
    expect(reply("reply", { from: addrs("bob@x.org"), to: addrs("alice@example.org", "carol@x.org") })).toEqual({
      to: ["bob@x.org"],
      cc: [],
    });
  });

  it("goes to Reply-To where there is one", () => {
    const mail = { from: addrs("bob@x.org"), reply_to: addrs("desk@x.org"), to: addrs("alice@example.org") };
    expect(reply("reply", mail).to).toEqual(["desk@x.org"]);
  });

  it("falls back to the sender when Reply-To is broken", () => {
    expect(reply("reply", { from: addrs("bob@x.org"), reply_to: addrs("nobody"), to: [] }).to).toEqual(["bob@x.org"]);
  });

  it("to our own mail goes on to the people it was sent to", () => {
    expect(reply("reply", { from: addrs("alice@example.org"), to: addrs("bob@x.org", "carol@x.org") }).to).toEqual([
      "bob@x.org",
      "carol@x.org",
    ]);
  });

  it("to a mail from us to us still goes to us", () => {
    expect(reply("reply", { from: addrs("alice@example.org"), to: addrs("Alice@example.org") }).to).toEqual([
      "Alice@example.org",
    ]);
  });
});

describe("a reply to all", () => {
  it("leaves out all our own addresses and repeats", () => {
    const mail = {
      from: addrs("bob@x.org"),
      to: addrs("ALICE@example.org", "carol@x.org", "BOB@x.org"),
      cc: addrs("sales@example.org", "dan@x.org", "carol@x.org"),
    };
    expect(reply("replyAll", mail)).toEqual({ to: ["bob@x.org"], cc: ["carol@x.org", "dan@x.org"] });
  });

  it("to a list that set Reply-To reaches the list and the author", () => {
    const mail = { from: addrs("bob@x.org"), reply_to: addrs("list@lists.org"), to: addrs("list@lists.org") };
    expect(reply("replyAll", mail)).toEqual({ to: ["list@lists.org"], cc: ["bob@x.org"] });
  });

  it("to a list without Reply-To keeps the list in Cc, while a reply goes to the author alone", () => {
    const mail = { from: addrs("bob@x.org"), to: addrs("list@lists.org") };
    expect(reply("replyAll", mail)).toEqual({ to: ["bob@x.org"], cc: ["list@lists.org"] });
    expect(reply("reply", mail)).toEqual({ to: ["bob@x.org"], cc: [] });
  });

  it("to our own mail keeps To and Cc as they were", () => {
    const mail = { from: addrs("alice@example.org"), to: addrs("bob@x.org"), cc: addrs("carol@x.org", "bob@x.org") };
    expect(reply("replyAll", mail)).toEqual({ to: ["bob@x.org"], cc: ["carol@x.org"] });
  });

  it("never tells Bcc", () => {
    const mail = { from: addrs("bob@x.org"), to: addrs("alice@example.org"), bcc: addrs("secret@x.org") };
    expect(reply("replyAll", mail)).toEqual({ to: ["bob@x.org"], cc: [] });
  });

  it("is offered only when it reaches more people", () => {
    const alone = makeEmail({ from: addrs("bob@x.org"), to: addrs("alice@example.org") });
    const company = makeEmail({ from: addrs("bob@x.org"), to: addrs("alice@example.org", "carol@x.org") });
    expect(hasOthersToReplyTo(alone, OWN)).toBe(false);
    expect(hasOthersToReplyTo(company, OWN)).toBe(true);
  });
});

it("answers from the identity that was written to", () => {
  const identity = (id: string, email: string, account_id = "1"): Identity => ({
    id,
    account_id,
    name: "Alice",
    email,
    signature_html: "",
  });
  const identities = [
    identity("a", "alice@example.org"),
    identity("b", "sales@example.org"),
    identity("c", "x@y.z", "2"),
  ];
  const toSales = makeEmail({ from: addrs("bob@x.org"), to: addrs("Sales@example.org") });
  const toNobody = makeEmail({ from: addrs("bob@x.org"), to: addrs("undisclosed@x.org") });
  expect(replyIdentity(toSales, identities)?.id).toBe("b");
  expect(replyIdentity(toNobody, identities)?.id).toBe("a");
  expect(replyIdentity(makeEmail({ account_id: "2", to: addrs("u@x.org") }), identities)?.id).toBe("c");
});
