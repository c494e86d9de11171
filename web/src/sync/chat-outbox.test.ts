import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chatKeys } from "../api/chat";
import { signIn } from "../api/session";
import type { Timeline } from "../lib/timeline";
import { message } from "../testing/chat";
import { discard, post, sendChat, settleSent, startOutbox, stopOutbox, tryAgain, useOutbox } from "./chat-outbox";

type Answer = { status: number; body: unknown } | "unreachable";
type Asked = { path: string; body: { client_id: string; text: string } };

const ME = { id: "me", name: "Me", email: null };
let asked: Asked[] = [];
let answers: Answer[] = [];
let client: QueryClient;
/** What the server has: one message for each client id, however often it was sent. */
let there: Map<string, ReturnType<typeof message>>;

async function network(url: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const path = String(url);
  if (path.endsWith("/auth/session/")) return Response.json({ access: "token", user: { id: "me" } });
  const body = JSON.parse(String(init?.body));
  asked.push({ path, body });
  const answer = answers.shift();
  if (answer === "unreachable") throw new TypeError("no network");
  if (answer) return Response.json(answer.body, { status: answer.status });
  const known = there.get(body.client_id);
  const number = there.size + 1;
  const made = known ?? message(number, { id: `s${number}`, text: body.text, author: ME, client_id: body.client_id });
  there.set(body.client_id, made);
  return Response.json(made, { status: known ? 200 : 201 });
}

const written = (text: string) => ({ conversationId: "7", threadId: null, rootId: null, body: { text }, files: [] });
const states = () => useOutbox.getState().items.map((one) => one.state);
const shown = () => client.getQueryData<Timeline>(chatKeys.timeline("7", null))?.messages.map((one) => one.text);
const empty = () => vi.waitFor(() => expect(useOutbox.getState().items).toEqual([]));

beforeEach(async () => {
  asked = [];
  answers = [];
  there = new Map();
  vi.stubGlobal("fetch", network);
  await signIn("me@posthouse.test", "secret");
  client = new QueryClient();
  const held: Timeline = { messages: [], threads: {}, hasOlder: false, hasNewer: false, state: "0" };
  client.setQueryData(chatKeys.timeline("7", null), held);
  await startOutbox(client);
});

afterEach(() => {
  stopOutbox();
  vi.unstubAllGlobals();
});

describe("the outbox", () => {
  it("sends in the order of writing, and shows what the server made of it", async () => {
    for (const text of ["one", "two", "three"]) post(written(text));
    expect(states()).toHaveLength(3);
    await empty();
    expect(shown()).toEqual(["one", "two", "three"]);
  });

  it("waits without a network, and sends once when it is back", async () => {
    answers = ["unreachable"];
    post(written("hello"));
    await vi.waitFor(() => expect(states()).toEqual(["waiting"]));
    expect(shown()).toEqual([]);
    await sendChat();
    await empty();
    expect(there.size).toBe(1);
    expect(new Set(asked.map((one) => one.body.client_id)).size).toBe(1);
  });

  it("is one message where the answer was lost", async () => {
    const lost = network;
    let isFirst = true;
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      const answer = await lost(url, init);
      if (!isFirst) return answer;
      isFirst = false;
      throw new TypeError("the line broke after it was sent");
    });
    post(written("hello"));
    await vi.waitFor(() => expect(states()).toEqual(["waiting"]));
    await sendChat();
    await empty();
    expect(asked).toHaveLength(2);
    expect(there.size).toBe(1);
    expect(shown()).toEqual(["hello"]);
  });

  it("lets it be when the stream told of it first", async () => {
    answers = ["unreachable"];
    const one = post(written("hello"));
    await vi.waitFor(() => expect(states()).toEqual(["waiting"]));
    settleSent([message(1, { client_id: one.clientId, author: { id: "bob", name: "Bob", email: null } })]);
    expect(states()).toEqual(["waiting"]);
    settleSent([message(1, { client_id: one.clientId, author: ME })]);
    expect(states()).toEqual([]);
  });

  it("says what was refused, lets the next go on, and tries again when asked", async () => {
    answers = [{ status: 403, body: { code: "conversation_right_lacking", detail: "Only admins write here." } }];
    const refused = post(written("no"));
    post(written("yes"));
    await vi.waitFor(() => expect(states()).toEqual(["failed"]));
    expect(useOutbox.getState().items[0]?.problem).toBe("Only admins write here.");
    expect(shown()).toEqual(["yes"]);
    tryAgain(refused.clientId);
    await empty();
    expect(shown()).toEqual(["yes", "no"]);
  });

  it("forgets what was discarded", async () => {
    answers = [{ status: 403, body: { code: "denied", detail: "No." } }];
    const one = post(written("no"));
    await vi.waitFor(() => expect(states()).toEqual(["failed"]));
    discard(one.clientId);
    await sendChat();
    expect(asked).toHaveLength(1);
  });

  it("begins a thread below what it answers", async () => {
    post({ ...written("an answer"), rootId: "m1" });
    await empty();
    expect(asked[0]?.path).toBe("/api/v1/messages/m1/reply/");
    expect(asked[0]?.body).toMatchObject({ text: "an answer", in_thread: true });
  });
});
