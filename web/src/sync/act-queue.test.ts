import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "../api/queries";
import { signIn } from "../api/session";
import type { MailboxPage } from "../api/types";
import type { ThreadList } from "../lib/thread-list";
import { listFromPage } from "../lib/thread-list";
import { mailbox, threadRow } from "../testing/make";
import { useToasts } from "../ui/toasts";
import { perform, sendWaiting, startActs, stopActs, takeBack } from "./act-queue";
import { moveThreads } from "./acts";
import { setConnection, useSyncStatus } from "./status";

type Answer = { status: number; body: unknown } | "unreachable";

const inboxKey = keys.threads("acc", { mailbox: "inbox" });
const row = threadRow({ id: "t", unread_count: 1, email_ids: ["e1"] });
let asked: { path: string; body: unknown }[] = [];
let answers: Answer[] = [];
let client: QueryClient;

async function network(url: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const path = String(url);
  if (path.endsWith("/auth/session/")) return Response.json({ access: "token", user: { id: "1" } });
  asked.push({ path, body: JSON.parse(String(init?.body)) });
  const answer = answers.shift() ?? { status: 200, body: { updated: 1, state: "9" } };
  if (answer === "unreachable") throw new TypeError("no network");
  return Response.json(answer.body, { status: answer.status });
}

const shown = () => (client.getQueryData<ThreadList>(inboxKey)?.rows ?? []).map((one) => one.id);
const unread = () => client.getQueryData<MailboxPage>(keys.mailboxes("acc"))?.items[0]?.unread_emails;
const settled = () => vi.waitFor(() => expect(useSyncStatus.getState().waitingActs).toBe(0));

beforeEach(async () => {
  asked = [];
  answers = [];
  setConnection("live");
  vi.stubGlobal("fetch", network);
  await signIn("alice@posthouse.test", "secret");
  client = new QueryClient();
  client.setQueryData(inboxKey, listFromPage({ items: [row], next: null, state: "1" }));
  client.setQueryData(keys.mailboxes("acc"), { items: [mailbox({ unread_emails: 3 })], state: "1" });
  await startActs(client);
});

afterEach(() => {
  stopActs();
  useToasts.setState({ toasts: [] });
  vi.unstubAllGlobals();
});

describe("an act", () => {
  it("shows at once, in the list and in the counter, and is sent", async () => {
    perform(moveThreads([row], { from: "inbox", to: "archive" }));
    expect(shown()).toEqual([]);
    expect(unread()).toBe(2);
    await settled();
    expect(asked).toEqual([
      { path: "/api/v1/emails/move/", body: { thread_ids: ["t"], from_mailbox: "inbox", to_mailbox: "archive" } },
    ]);
  });

  it("is put back with the reason when the server refuses", async () => {
    answers = [{ status: 409, body: { code: "full", detail: "The archive is full." } }];
    let isRefused = false;
    perform(moveThreads([row], { from: "inbox", to: "archive" }), () => {
      isRefused = true;
    });
    await settled();
    expect(shown()).toEqual(["t"]);
    expect(unread()).toBe(3);
    expect(isRefused).toBe(true);
    expect(useToasts.getState().toasts.at(-1)?.message).toContain("The archive is full.");
  });

  it("waits while the server cannot be reached, and goes when it can", async () => {
    answers = ["unreachable"];
    perform(moveThreads([row], { from: "inbox", to: "archive" }));
    await vi.waitFor(() => expect(useSyncStatus.getState().connection).toBe("offline"));
    expect(useSyncStatus.getState().waitingActs).toBe(1);
    expect(shown()).toEqual([]);
    await sendWaiting();
    await settled();
    expect(asked).toHaveLength(2);
  });

  it("that has not left is taken back without a word to the server", async () => {
    answers = ["unreachable"];
    const act = moveThreads([row], { from: "inbox", to: "archive" });
    perform(act);
    await vi.waitFor(() => expect(useSyncStatus.getState().connection).toBe("offline"));
    takeBack(act);
    expect(shown()).toEqual(["t"]);
    expect(useSyncStatus.getState().waitingActs).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it("taken back while on its way is dropped when the way was barred", async () => {
    answers = ["unreachable"];
    const act = moveThreads([row], { from: "inbox", to: "archive" });
    perform(act);
    takeBack(act);
    await settled();
    expect(shown()).toEqual(["t"]);
    expect(asked).toHaveLength(1);
  });

  it("that was sent is taken back by its inverse", async () => {
    const act = moveThreads([row], { from: "inbox", to: "archive" });
    perform(act);
    await settled();
    takeBack(act);
    expect(shown()).toEqual(["t"]);
    await settled();
    expect(asked.at(-1)).toEqual({ path: "/api/v1/emails/move/", body: { ids: ["e1"], to_mailbox: "inbox" } });
  });
});
