import { describe, expect, it } from "vitest";
import type { Held, Outsider } from "../../api/outside";
import { message } from "../../testing/chat";
import { audienceWords, heldCountWords, heldWords, stateWords } from "./outsideWords";
import { systemWords } from "./systemWords";

const zoe: Outsider = {
  id: "1",
  conversation_id: "7",
  address: "zoe@outside.test",
  name: "Zoe",
  mode: "each",
  state: "active",
  reason: null,
  invited_by: "2",
  created_at: "2026-11-21T08:00:00Z",
  dropped: 0,
};
const paused: Outsider = { ...zoe, id: "2", state: "paused", reason: "by_hand" };
const gone: Outsider = { ...zoe, id: "3", state: "left" };

describe("the audience", () => {
  it("is nobody where nobody takes part, or all have left", () => {
    expect(audienceWords([])).toBeNull();
    expect(audienceWords([gone])).toBeNull();
  });

  it("counts who gets mail, also those who have not answered, and not who left", () => {
    expect(audienceWords([zoe, gone])).toBe("1 person outside reads this by e-mail");
    expect(audienceWords([zoe, { ...zoe, id: "4", state: "invited" }])).toBe("2 people outside read this by e-mail");
  });

  it("does not pass over who is paused, since they get it later", () => {
    expect(audienceWords([zoe, paused])).toBe("2 people outside read this by e-mail, of whom 1 later: paused");
    expect(audienceWords([paused])).toBe("1 person outside reads this by e-mail, once it is no longer paused");
  });
});

describe("states", () => {
  it("say why somebody is paused", () => {
    expect(stateWords(paused)).toContain("until somebody lets it go on");
    expect(stateWords({ ...paused, reason: "bounced" })).toContain("undeliverable");
    expect(stateWords({ ...zoe, state: "invited" })).toContain("not answered");
  });
});

describe("held mail", () => {
  const held: Held = {
    id: "9",
    outsider_id: "1",
    sender: "eve@evil.test",
    subject: "Re: Desk",
    reason: "other_sender",
    received_at: "2026-11-21T09:00:00Z",
    text: "Yes",
  };

  it("says who wrote to whose address, or that nothing proves it", () => {
    expect(heldWords(held, zoe)).toBe(
      "It came to the address of Zoe, but eve@evil.test wrote it, who was not asked in.",
    );
    expect(heldWords({ ...held, reason: "not_proved" }, zoe)).toContain("nothing proves that");
    expect(heldCountWords(1)).toBe("1 mail is held");
    expect(heldCountWords(2)).toBe("2 mails are held");
  });
});

describe("lines of the house", () => {
  const told = (type: string, name: string | null = "Alice") =>
    systemWords(
      message(1, {
        kind: "system",
        author: { id: name && "2", name: name ?? "", email: null },
        event: { type, name: "Zoe", address: "zoe@outside.test" },
      }),
      () => "",
    );

  it("tell who outside came, went, left or cannot be reached", () => {
    expect(told("outsider_added")).toBe("Alice brought in Zoe (zoe@outside.test) by e-mail");
    expect(told("outsider_removed")).toBe("Alice put out Zoe (zoe@outside.test), who took part by e-mail");
    expect(told("outsider_left", null)).toBe("Zoe (zoe@outside.test), who took part by e-mail, left");
    expect(told("outsider_bounced", null)).toBe(
      "Mail to Zoe (zoe@outside.test) came back: nothing more is sent there until somebody lets it go on",
    );
  });

  it("say the address alone where there is no name", () => {
    const event = { type: "outsider_added", name: "", address: "zoe@outside.test" };
    expect(systemWords(message(1, { kind: "system", event }), () => "")).toBe(
      "Bob brought in zoe@outside.test by e-mail",
    );
  });
});
