import { beforeEach, expect, it, vi } from "vitest";
import { signOut } from "../../api/session";
import { closeComposer, restoreLost } from "./lifecycle";
import { kept } from "./local";
import { quoteReady } from "./quoting";
import { changeContent } from "./saving";
import { composerOf, useComposers } from "./state";
import { openComposer } from "./store";
import { addrs, makeEmail } from "./testing/make";
import { ALICE, type Asked, signInForTest } from "./testing/session";

let asked: Asked[];

beforeEach(async () => {
  useComposers.setState({ composers: {}, order: [], activeKey: null });
  asked = await signInForTest({ "/emails/\\d+/": {} });
});

const open = () => Object.values(useComposers.getState().composers);

it("a new mail begins with the signature", () => {
  const key = openComposer({ mode: "new" });
  expect(composerOf(key)?.content.bodyHtml).toContain("<p>Alice</p>");
  expect(composerOf(key)).toMatchObject({ status: "new", focus: "to" });
});

it("a reply knows its people, its subject and its original", async () => {
  const email = makeEmail({ cc: addrs("carol@example.org"), text: "Shall we?" });
  const key = openComposer({ mode: "replyAll", email });
  await quoteReady(key);
  const { content, status } = composerOf(key) ?? {};
  expect(content?.to).toEqual(addrs("bob@example.net"));
  expect(content?.cc).toEqual(addrs("carol@example.org"));
  expect(content).toMatchObject({ subject: "Re: Lunch", replyToEmailId: "100", identityId: "11" });
  expect(content?.quoteHtml).toContain("Shall we?");
  expect(status).toBe("new");
});

it("a forward takes the files along by their names on the server", async () => {
  const attachment = {
    part: "2",
    filename: "menu.pdf",
    content_type: "application/pdf",
    size_bytes: 9,
    disposition: "attachment" as const,
    content_id: null,
    url: "/api/v1/x",
    preview_url: null,
    thumbnail_url: null,
    blob_id: "p.100.2",
  };
  const key = openComposer({ mode: "forward", email: makeEmail({ attachments: [attachment] }) });
  await quoteReady(key);
  expect(composerOf(key)?.content).toMatchObject({
    to: [],
    subject: "Fwd: Lunch",
    forwardOfEmailId: "100",
    attachments: [{ blobId: "p.100.2", state: "done" }],
  });
});

it("nothing is opened twice", () => {
  const email = makeEmail();
  const draft = makeEmail({
    id: "7",
    is_draft: true,
    draft: { to: [], cc: [], bcc: [], subject: "", html: "", text: null, attachments: [] },
  });
  expect(openComposer({ mode: "reply", email })).toBe(openComposer({ mode: "reply", email }));
  expect(openComposer({ mode: "new", draft })).toBe(openComposer({ mode: "new", draft }));
  expect(openComposer({ mode: "new" })).not.toBe(openComposer({ mode: "new" }));
  expect(open()).toHaveLength(4);
});

it("reply to all in an open reply keeps the words", () => {
  const email = makeEmail({ cc: addrs("carol@example.org") });
  const key = openComposer({ mode: "reply", email, placement: "inline" });
  changeContent(key, { bodyHtml: "<p>Yes</p>" });
  expect(openComposer({ mode: "replyAll", email, placement: "inline" })).toBe(key);
  expect(composerOf(key)?.content).toMatchObject({ bodyHtml: "<p>Yes</p>", cc: addrs("carol@example.org") });
});

it("opened and closed it leaves nothing behind", async () => {
  const key = openComposer({ mode: "reply", email: makeEmail() });
  await quoteReady(key);
  expect(await closeComposer(key)).toBe("nothing");
  expect(open()).toEqual([]);
  expect(asked.filter((one) => one.path.startsWith("/drafts/"))).toEqual([]);
});

it("closed with words in it, it is saved; without a network, kept", async () => {
  vi.unstubAllGlobals();
  let isOffline = false;
  asked = await signInForTest({
    "/drafts/": () => (isOffline ? "offline" : { status: 201, body: makeEmail({ id: "60", is_draft: true }) }),
  });
  const saved = openComposer({ mode: "new" });
  changeContent(saved, { subject: "Plan" });
  expect(await closeComposer(saved)).toBe("saved");
  expect(open()).toEqual([]);
  isOffline = true;
  const lost = openComposer({ mode: "new" });
  changeContent(lost, { subject: "Other plan" });
  expect(await closeComposer(lost)).toBe("kept");
  expect(composerOf(lost)).toMatchObject({ isHidden: true, status: "offline" });
});

it("hides what was being written from whoever signs in next, and keeps it for its writer", async () => {
  const key = openComposer({ mode: "new" });
  changeContent(key, { subject: "Private" });
  await signOut().catch(() => undefined);
  await vi.waitFor(() => expect(open()).toEqual([]));
  expect((await kept("drafts", ALICE.id)).map((one) => one.content.subject)).toContain("Private");
  expect(await kept("drafts", "someone else")).toEqual([]);
  await signInForTest({});
  await restoreLost(ALICE.id);
  expect(composerOf(key)).toMatchObject({ minimised: true, content: { subject: "Private" } });
});
