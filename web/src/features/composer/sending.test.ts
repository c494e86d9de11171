import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useToasts } from "../../ui/toasts";
import { kept } from "./local";
import { sendWaiting } from "./outbox";
import { changeContent } from "./saving";
import { obstacleOf, outboxNews, sendComposer } from "./sending";
import { composerOf, useComposers } from "./state";
import { openComposer } from "./store";
import { addrs, makeAttachment, makeEmail } from "./testing/make";
import { ALICE, type Asked, signInForTest } from "./testing/session";

type Reply = { status: number; body: unknown } | "offline";

let asked: Asked[];
let send: Reply;
let cancel: Reply;

const SENT: Reply = { status: 202, body: { email_id: "70", submission_id: "s1", undo_until: null } };

beforeEach(async () => {
  send = SENT;
  cancel = { status: 200, body: { email_id: "71" } };
  useComposers.setState({ composers: {}, order: [], activeKey: null });
  useToasts.setState({ toasts: [] });
  asked = await signInForTest({
    "/send/": () => send,
    "/drafts/\\d+/send/": () => send,
    "/drafts/": () => (send === "offline" ? "offline" : { status: 201, body: makeEmail({ id: "60", is_draft: true }) }),
    "/submissions/s1/cancel/": () => cancel,
    "/emails/71/": makeEmail({ id: "71", is_draft: true }),
  });
});
afterEach(() => vi.unstubAllGlobals());

function written(): string {
  const key = openComposer({ mode: "new", to: addrs("bob@example.org") });
  changeContent(key, { subject: "Plan", bodyHtml: "<p>Hello</p>" });
  return key;
}

const toasts = () => useToasts.getState().toasts;
const undo = async () => {
  toasts().at(-1)?.action?.run();
  await vi.waitFor(() => expect(useComposers.getState().order).toHaveLength(1));
};
const sends = () => asked.filter((one) => one.path.endsWith("/send/"));

describe("a mail that is sent", () => {
  it("leaves the screen and goes out once, with time to undo and a key against doubles", async () => {
    const key = written();
    await sendComposer(key);
    expect(composerOf(key)).toBeUndefined();
    expect(sends()).toHaveLength(1);
    expect(sends()[0]?.body).toMatchObject({ subject: "Plan", hold_seconds: 10, to: [{ email: "bob@example.org" }] });
    expect(sends()[0]?.headers.get("Idempotency-Key")).toMatch(/^[\w-]{20,}$/);
    expect(toasts().map((one) => one.message)).toEqual(["Sending…"]);
    expect(await kept("outbox", ALICE.id)).toEqual([]);
  });

  it("comes back as it was by Undo", async () => {
    const key = written();
    const before = composerOf(key)?.content;
    await sendComposer(key);
    await undo();
    expect(composerOf(key)?.content).toEqual(before);
    expect(composerOf(key)).toMatchObject({ draftId: "71", status: "saved", isHidden: false });
  });

  it("says so when Undo comes too late", async () => {
    cancel = { status: 409, body: { code: "already_sent" } };
    await sendComposer(written());
    toasts().at(-1)?.action?.run();
    await vi.waitFor(() => expect(toasts().at(-1)?.message).toMatch(/Too late/));
    expect(useComposers.getState().order).toEqual([]);
  });

  it("comes back with the reason when the server refuses it", async () => {
    send = { status: 400, body: { code: "invalid_recipient", detail: "A recipient was refused." } };
    const key = written();
    await sendComposer(key);
    expect(composerOf(key)?.refusal).toBe("It was not sent. A recipient was refused.");
    expect(composerOf(key)?.content.subject).toBe("Plan");
    expect(toasts()).toEqual([]);
  });
});

describe("without a network", () => {
  it("it waits on this device and goes out later under the same key", async () => {
    send = "offline";
    await sendComposer(written());
    expect(await kept("outbox", ALICE.id)).toHaveLength(1);
    expect(toasts().at(-1)?.message).toMatch(/No network/);
    send = SENT;
    await sendWaiting(ALICE.id, outboxNews);
    expect(await kept("outbox", ALICE.id)).toEqual([]);
    const keys = sends().map((one) => one.headers.get("Idempotency-Key"));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(toasts().at(-1)?.message).toBe("Sent to bob@example.org: Plan");
  });

  it("it can be taken back, and then does not go out", async () => {
    send = "offline";
    const key = written();
    await sendComposer(key);
    await undo();
    expect(composerOf(key)?.content.subject).toBe("Plan");
    send = SENT;
    await sendWaiting(ALICE.id, outboxNews);
    expect(sends()).toHaveLength(1);
  });
});

describe("a mail is not sent", () => {
  const obstacle = (changes: Parameters<typeof changeContent>[1]) => {
    const key = written();
    changeContent(key, changes);
    const composer = composerOf(key);
    return composer && obstacleOf(composer);
  };

  it("to nobody, to what is no address, or without a file that failed", () => {
    expect(obstacle({ to: [] })).toMatch(/at least one recipient/);
    expect(obstacle({ cc: addrs("nonsense") })).toBe("This is not an address: nonsense");
    const failed = makeAttachment({ state: "failed", blobId: null, filename: "a.pdf" });
    expect(obstacle({ attachments: [failed] })).toMatch(/a.pdf could not be attached/);
    expect(obstacle({})).toBeNull();
  });
});
