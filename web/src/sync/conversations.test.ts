import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Conversation, ConversationNews, Message } from "../api/chat";
import { chatKeys } from "../api/chat";
import { outsideKeys } from "../api/outside";
import { signIn } from "../api/session";
import { lastFrom } from "../lib/last-message";
import type { Timeline } from "../lib/timeline";
import { heldFrom } from "../lib/timeline";
import { conversation, message } from "../testing/chat";
import type { Conversations } from "./conversations";
import { fetchTimeline, startConversations } from "./conversations";
import { useTalk } from "./talk";

const EMPTY_OWN = { conversations: [], follows: [], marks: [], drafts: [], scheduled: [], reminders: [] };
let client: QueryClient;
let sync: Conversations;
let said: object[] = [];
let answers: { [path: string]: unknown } = {};

async function network(url: RequestInfo | URL): Promise<Response> {
  const path = String(url).replace("/api/v1", "");
  if (path === "/auth/session/") return Response.json({ access: "token", user: { id: "me" } });
  const known = Object.keys(answers).find((one) => path.startsWith(one));
  return known ? Response.json(answers[known]) : Response.json({ code: "not_found" }, { status: 404 });
}

const news = (since: string, state: string, messages: Message[] = []): ConversationNews => ({
  conversation_id: "7",
  since,
  state,
  has_more: false,
  conversation: { ...conversation({ last_number: messages.at(-1)?.number ?? 1, seq: state }) },
  participants: [],
  threads: [],
  messages,
});
const piece = (messages: Message[], state: string) => ({
  items: messages,
  threads: [],
  has_older: false,
  has_newer: false,
  state,
});
const hold = (messages: Message[], state: string) =>
  client.setQueryData<Timeline>(chatKeys.timeline("7", null), heldFrom(piece(messages, state)));
const shown = () => client.getQueryData<Timeline>(chatKeys.timeline("7", null))?.messages.map((one) => one.number);
const list = () => client.getQueryData<Conversation[]>(chatKeys.conversations);

beforeEach(async () => {
  said = [];
  answers = {};
  vi.stubGlobal("fetch", network);
  await signIn("me@posthouse.test", "secret");
  client = new QueryClient();
  client.setQueryData(chatKeys.conversations, [conversation({ seq: "5" })]);
  sync = startConversations(client);
  sync.sayBy((one) => said.push(one));
  sync.take({ type: "following", conversations: { "7": "5" }, not_found: [], own: "3" });
});

afterEach(() => {
  sync.stop();
  vi.unstubAllGlobals();
});

describe("conversations on the stream", () => {
  it("comes back with the numbers that it reached", () => {
    sync.take({ type: "conversation", ...news("5", "6", [message(2, { seq: "6" })]) });
    expect(sync.greeting()[0]).toEqual({ type: "follow", conversations: { "7": "6" }, all: true, own: "3" });
  });

  it("puts states in the place of those that it has", () => {
    hold([message(1)], "5");
    sync.take({ type: "conversation", ...news("5", "6", [message(2, { seq: "6" })]) });
    expect(shown()).toEqual([1, 2]);
    expect(list()?.[0]?.last_number).toBe(2);
    expect(list()?.[0]?.me?.role).toBe("member");
  });

  it("asks again from where it is when something was missed", () => {
    hold([message(1)], "5");
    sync.take({ type: "conversation", ...news("8", "9", [message(4, { seq: "9" })]) });
    expect(shown()).toEqual([1]);
    expect(said).toEqual([{ type: "follow", conversations: { "7": "5" } }]);
    sync.take({ type: "own", since: "8", state: "9", has_more: false, ...EMPTY_OWN });
    expect(said[1]).toEqual({ type: "follow", conversations: {}, own: "3" });
  });

  it("reads again what is kept from before the number that it will be told from", async () => {
    hold([message(1)], "5");
    answers = { "/conversations/7/messages/": piece([message(1), message(2)], "9") };
    sync.take({ type: "following", conversations: { "7": "9" }, not_found: [] });
    expect(client.getQueryState(chatKeys.timeline("7", null))?.isInvalidated).toBe(true);
  });

  it("brings what it fetched to where the stream is meanwhile", async () => {
    answers = {
      "/conversations/7/messages/": piece([message(1)], "5"),
      "/conversations/7/changes/?since=5": news("5", "6", [message(2, { seq: "6" })]),
    };
    sync.take({ type: "conversation", ...news("5", "6", [message(2, { seq: "6" })]) });
    const held = await fetchTimeline("7", null, {});
    expect(held.messages.map((one) => one.number)).toEqual([1, 2]);
    expect(held.state).toBe("6");
  });

  it("reads everything again after a resync, and goes on from there", () => {
    hold([message(1)], "5");
    sync.take({ type: "resync", conversation: "7", state: "900" });
    expect(client.getQueryState(chatKeys.timeline("7", null))?.isInvalidated).toBe(true);
    sync.take({ type: "conversation", ...news("900", "901", [message(2, { seq: "901" })]) });
    expect(said).toEqual([]);
  });

  it("forgets one that it may not read any more, and one that it left", () => {
    sync.take({ type: "error", code: "not_found", conversation: "7" });
    expect(list()).toEqual([]);
    client.setQueryData(chatKeys.conversations, [conversation()]);
    const place = { ...conversation().me, left_at: "2026-11-22T08:00:00Z", own_seq: "4" } as NonNullable<
      Conversation["me"]
    >;
    sync.take({ type: "own", since: "3", state: "4", has_more: false, ...EMPTY_OWN, conversations: [place] });
    expect(list()).toEqual([]);
  });

  it("moves the pointer when another device read", () => {
    const place = { ...conversation().me, read_number: 9, own_seq: "4" } as NonNullable<Conversation["me"]>;
    sync.take({ type: "own", since: "3", state: "4", has_more: false, ...EMPTY_OWN, conversations: [place] });
    expect(list()?.[0]?.me?.read_number).toBe(9);
  });

  it("keeps what was said last in each, and asks where it was taken away", async () => {
    const tell = (since: string, state: string, one: Message) => {
      const { conversation: told, ...rest } = news(since, state, [one]);
      const { me: _me, with: _with, last: _last, ...shared } = told as Conversation;
      sync.take({ type: "conversation", ...rest, conversation: shared });
    };
    tell("5", "6", message(2, { seq: "6" }));
    expect(list()?.[0]?.last?.text).toBe("Word 2");
    tell("6", "7", message(3, { seq: "7", thread_id: "t1" }));
    expect(list()?.[0]?.last?.number).toBe(2);
    answers = { "/conversations/7/": conversation({ last: { ...lastFrom(message(1)), text: "Word 1" } }) };
    tell("7", "8", message(2, { seq: "8", deleted_at: "2026-11-22T08:00:00Z" }));
    expect(list()?.[0]?.last).toBeNull();
    await vi.waitFor(() => expect(list()?.[0]?.last?.text).toBe("Word 1"));
    answers = { "/conversations/7/": conversation() };
    const mark = { message_id: "m1", conversation_id: "7", is_starred: false, is_hidden: true, own_seq: "4" };
    sync.take({ type: "own", since: "3", state: "4", has_more: false, ...EMPTY_OWN, marks: [mark] });
    expect(list()?.[0]?.last).toBeNull();
  });

  it("reads held mail again where one's place as an admin is told", () => {
    client.setQueryData(outsideKeys.heldCounts, []);
    const tell = (role: "admin" | "member", since: string, state: string) => {
      const place = { ...conversation().me, role, own_seq: state } as NonNullable<Conversation["me"]>;
      sync.take({ type: "own", since, state, has_more: false, ...EMPTY_OWN, conversations: [place] });
      return client.getQueryState(outsideKeys.heldCounts)?.isInvalidated;
    };
    expect(tell("member", "3", "4")).toBe(false);
    expect(tell("admin", "4", "5")).toBe(true);
  });

  it("takes typing for over when the message is there", () => {
    sync.take({ type: "typing", conversation: "7", thread: null, user: "bob", is_typing: true, answers_mail: false });
    expect(useTalk.getState().typing["7"]).toHaveLength(1);
    sync.take({ type: "conversation", ...news("5", "6", [message(2, { seq: "6" })]) });
    expect(useTalk.getState().typing["7"]).toEqual([]);
  });
});
