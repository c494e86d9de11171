/**
 * Joins the stream to what is kept of conversations. Each has a number up to which it was told; a gap is asked for again,
 * and what was fetched beside the stream is brought up to that number before it is believed.
 */
import type { QueryClient } from "@tanstack/react-query";
import { call } from "../api/call";
import type { Conversation, ConversationNews, OwnNews } from "../api/chat";
import { chatKeys, fetchHeld } from "../api/chat";
import { noteKeys } from "../api/notes";
import { outsideKeys } from "../api/outside";
import { sessionUser } from "../api/session";
import type { Timeline } from "../lib/timeline";
import { applyNews, isNewer } from "../lib/timeline";
import { dropConversation, writeNews, writeOwn } from "./chat-cache";
import { sendChat, settleSent, startOutbox, stopOutbox } from "./chat-outbox";
import { dropLast, writeLast } from "./last-message";
import { lookAgain, takeLooking, takeTyping, talkBy } from "./talk";
import type { Told } from "./told";

const COUNT_AFTER_MS = 150;
const RECEIVED_EVERY_MS = 5_000;
const MOST_CATCH_UPS = 20;
/** What one's own log tells of, beside the list itself. */
const OWN_KEYS = [
  chatKeys.drafts,
  chatKeys.scheduled,
  chatKeys.reminders,
  chatKeys.unreadThreads,
  outsideKeys.heldCounts,
];

/** How far each conversation was told. */
let reached = new Map<string, string>();
let ownReached: string | null = null;
let client: QueryClient | null = null;
let say: (message: object) => void = () => undefined;
let counting: ReturnType<typeof setTimeout> | undefined;
let receiving: ReturnType<typeof setTimeout> | undefined;
let received: { [id: string]: string } = {};

export type Conversations = {
  greeting: () => object[];
  take: (told: Told) => void;
  sayBy: (send: (message: object) => void) => void;
  /** The server is there: what waits goes. */
  goOn: () => void;
  stop: () => void;
};

export function startConversations(queryClient: QueryClient): Conversations {
  client = queryClient;
  reached = new Map();
  ownReached = null;
  void startOutbox(queryClient);
  return {
    greeting: () => [followMessage(), ...lookAgain()],
    take,
    sayBy: (send) => {
      say = send;
      talkBy(send);
    },
    goOn: () => void sendChat(),
    stop: () => {
      clearTimeout(counting);
      clearTimeout(receiving);
      talkBy(null);
      stopOutbox();
      client = null;
    },
  };
}

const followMessage = () => ({
  type: "follow",
  conversations: Object.fromEntries(reached),
  all: true,
  own: ownReached,
});

function take(told: Told): void {
  if (!client) return;
  if (told.type === "conversation") takeNews(client, told);
  else if (told.type === "own") takeOwn(client, told);
  else if (told.type === "following") takeFollowing(client, told);
  else if (told.type === "typing")
    takeTyping(told.conversation, told.thread, told.user, told.is_typing, told.answers_mail);
  else if (told.type === "looking") takeLooking(told.conversation, told.people);
  else if (told.type === "resync") startOver(client, told.conversation ?? null, told.own === true, told.state);
  else if (told.type === "error" && told.conversation && told.code === "not_found") forget(client, told.conversation);
}

function takeNews(cache: QueryClient, news: ConversationNews): void {
  const id = news.conversation_id;
  const at = reached.get(id);
  if (at !== undefined && isNewer(news.since, at)) {
    say({ type: "follow", conversations: { [id]: at } });
    return;
  }
  writeNews(cache, news);
  writeLast(cache, id, news.messages);
  if (at === undefined || isNewer(news.state, at)) reached.set(id, news.state);
  settleSent(news.messages);
  if (news.messages.length === 0 && news.threads.length === 0) return;
  for (const { author } of news.messages) if (author.id) takeTyping(id, null, author.id, false);
  countSoon();
  const last = news.conversation?.last_number;
  if (last !== undefined) sayReceivedSoon(id, last);
}

function takeOwn(cache: QueryClient, news: OwnNews): void {
  if (ownReached !== null && isNewer(news.since, ownReached)) {
    say({ type: "follow", conversations: {}, own: ownReached });
    return;
  }
  for (const mark of news.marks) if (mark.is_hidden) dropLast(cache, mark.conversation_id, mark.message_id);
  if (writeOwn(cache, news).isListStale) void cache.invalidateQueries({ queryKey: chatKeys.conversations });
  if (ownReached === null || isNewer(news.state, ownReached)) ownReached = news.state;
  countSoon();
}

/** From where each will be told. What is kept from before that is read again. */
function takeFollowing(cache: QueryClient, told: Extract<Told, { type: "following" }>): void {
  const list = cache.getQueryData<Conversation[]>(chatKeys.conversations);
  const listed = new Map(list?.map((one) => [one.id, one]));
  let isListStale = false;
  for (const [id, state] of Object.entries(told.conversations)) {
    const at = reached.get(id);
    if (at !== undefined && !isNewer(state, at)) continue;
    reached.set(id, state);
    const known = listed.get(id);
    if (!known || isNewer(state, known.seq)) isListStale = true;
    readAgain(cache, id, state);
  }
  for (const id of told.not_found) forget(cache, id);
  if (told.own !== undefined && ownReached === null) {
    ownReached = told.own;
    countSoon();
    for (const queryKey of OWN_KEYS) void cache.invalidateQueries({ queryKey });
    // A list that was kept from before may know nothing of what one did meanwhile elsewhere.
    isListStale = true;
  }
  if (isListStale && list) void cache.invalidateQueries({ queryKey: chatKeys.conversations });
}

function readAgain(cache: QueryClient, id: string, state: string): void {
  for (const [queryKey, held] of cache.getQueriesData<Timeline>({ queryKey: chatKeys.timelines(id) })) {
    if (held && isNewer(state, held.state)) void cache.invalidateQueries({ queryKey });
  }
  void cache.invalidateQueries({ queryKey: chatKeys.participants(id) });
  void cache.invalidateQueries({ queryKey: outsideKeys.outsiders(id) });
}

function startOver(cache: QueryClient, id: string | null, isOwn: boolean, state: string | undefined): void {
  if (isOwn) ownReached = state ?? null;
  else if (id === null) {
    reached = new Map();
    ownReached = null;
    say(followMessage());
  } else if (state !== undefined) reached.set(id, state);
  for (const queryKey of [chatKeys.conversations, ...OWN_KEYS]) void cache.invalidateQueries({ queryKey });
  if (!isOwn) {
    void cache.invalidateQueries({ queryKey: id === null ? chatKeys.allTimelines : chatKeys.timelines(id) });
    void cache.invalidateQueries({ queryKey: id === null ? ["participants"] : chatKeys.participants(id) });
    void cache.invalidateQueries({ queryKey: id === null ? outsideKeys.all : outsideKeys.outsiders(id) });
  }
  countSoon();
}

function forget(cache: QueryClient, id: string): void {
  reached.delete(id);
  dropConversation(cache, id);
  // It may have been notes of a mailbox that one may not read any more.
  void cache.invalidateQueries({ queryKey: noteKeys.all });
}

/** Numbers of many messages are asked for once. */
function countSoon(): void {
  counting ??= setTimeout(() => {
    counting = undefined;
    void client?.invalidateQueries({ queryKey: chatKeys.counters });
    void client?.invalidateQueries({ queryKey: chatKeys.unreadThreads });
  }, COUNT_AFTER_MS);
}

function sayReceivedSoon(id: string, last: number): void {
  received[id] = String(last);
  receiving ??= setTimeout(() => {
    receiving = undefined;
    say({ type: "received", conversations: received });
    received = {};
  }, RECEIVED_EVERY_MS);
}

/** A conversation that is looked at and not one's own: a channel before one joins. */
export function followOne(id: string, state: string): void {
  if (reached.has(id)) return;
  reached.set(id, state);
  say({ type: "follow", conversations: { [id]: state } });
}

/** A timeline as the server has it now, brought to where the stream is meanwhile. */
export async function fetchTimeline(
  id: string,
  threadId: string | null,
  beside: { around?: number },
  signal?: AbortSignal,
): Promise<Timeline> {
  let held = await fetchHeld(id, threadId, beside, signal);
  for (let turn = 0; turn < MOST_CATCH_UPS && isNewer(reached.get(id) ?? "0", held.state); turn += 1) {
    const news = (await call("GET /api/v1/conversations/{conversation_id}/changes/", {
      path: { conversation_id: id },
      query: { since: held.state },
      ...(signal ? { signal } : {}),
    })) as ConversationNews;
    held = { ...applyNews(held, news, threadId), state: news.state };
  }
  if (sessionUser()) followOne(id, held.state);
  return held;
}
