/** The hands of the conversations' reducer: every kept answer that a change touches is written. */
import type { QueryClient } from "@tanstack/react-query";
import { notifyManager } from "@tanstack/react-query";
import type {
  Conversation,
  ConversationNews,
  Draft,
  Message,
  OwnNews,
  OwnPlace,
  Participant,
  Scheduled,
} from "../api/chat";
import { chatKeys } from "../api/chat";
import { isAboutOutsiders, outsideKeys } from "../api/outside";
import type { Timeline } from "../lib/timeline";
import { applyNews, isNewer, withoutMessage } from "../lib/timeline";

export type ChatThreadFollows = { [threadId: string]: import("../api/chat").ThreadFollow };
export const followsKey = ["chat-follows"] as const;
/** Ids of messages that one starred, as far as it was told. */
export const starsKey = ["chat-stars"] as const;

export function writeConversation(client: QueryClient, id: string, change: (one: Conversation) => Conversation): void {
  client.setQueryData<Conversation[]>(chatKeys.conversations, (all) => {
    const at = all?.findIndex((one) => one.id === id) ?? -1;
    const known = all?.[at];
    return all && known ? all.with(at, change(known)) : all;
  });
  client.setQueryData<Conversation>(chatKeys.conversation(id), (one) => one && change(one));
}

export function writeNews(client: QueryClient, news: ConversationNews): void {
  const id = news.conversation_id;
  notifyManager.batch(() => {
    const { conversation } = news;
    if (conversation) writeConversation(client, id, (one) => ({ ...one, ...conversation }));
    client.setQueryData<Participant[]>(chatKeys.participants(id), (all) => all && withPeople(all, news.participants));
    for (const [key, held] of client.getQueriesData<Timeline>({ queryKey: chatKeys.timelines(id) })) {
      const next = held && applyNews(held, news, (key[2] as string) || null);
      if (next && next !== held) client.setQueryData(key, next);
    }
    if (news.messages.length > 0) void client.invalidateQueries({ queryKey: chatKeys.pins(id) });
    if (news.messages.some(isAboutOutsiders)) void client.invalidateQueries({ queryKey: outsideKeys.outsiders(id) });
  });
}

export function withPeople(all: Participant[], changed: readonly Participant[]): Participant[] {
  if (changed.length === 0) return all;
  const states = new Map(changed.map((one) => [one.id, one]));
  const kept = all.map((one) => {
    const state = states.get(one.id);
    states.delete(one.id);
    return state && isNewer(state.seq, one.seq) ? state : one;
  });
  return [...kept, ...states.values()].filter((one) => one.left_at === null);
}

/** One's own: places, follows, stars, drafts, what waits. Says whether the list itself has to be read again. */
export function writeOwn(client: QueryClient, news: OwnNews): { isListStale: boolean } {
  let isListStale = false;
  notifyManager.batch(() => {
    const known = new Set(client.getQueryData<Conversation[]>(chatKeys.conversations)?.map((one) => one.id));
    for (const place of news.conversations) {
      if (place.left_at !== null) dropConversation(client, place.conversation_id);
      else if (known.has(place.conversation_id)) writePlace(client, place);
      else isListStale = true;
      if (place.role === "owner" || place.role === "admin") readHeldAgain(client, place.conversation_id);
    }
    for (const mark of news.marks) {
      if (mark.is_hidden) writeTimelines(client, mark.conversation_id, (held) => withoutMessage(held, mark.message_id));
      client.setQueryData<{ [id: string]: boolean }>(starsKey, (all) => ({
        ...all,
        [mark.message_id]: mark.is_starred,
      }));
    }
    client.setQueryData<ChatThreadFollows>(followsKey, (all) => ({
      ...all,
      ...Object.fromEntries(news.follows.map((one) => [one.thread_id, one])),
    }));
    client.setQueryData<Draft[]>(chatKeys.drafts, (all) => all && withDrafts(all, news.drafts));
    client.setQueryData<Scheduled[]>(chatKeys.scheduled, (all) => all && withScheduled(all, news.scheduled));
    if (news.marks.length > 0) void client.invalidateQueries({ queryKey: ["chat-found", "star"] });
    if (news.follows.length > 0) void client.invalidateQueries({ queryKey: chatKeys.unreadThreads });
    if (news.reminders.length > 0) void client.invalidateQueries({ queryKey: chatKeys.reminders });
  });
  return { isListStale };
}

/** Mail that is held is told to a conversation's admins by telling them their own place again. */
function readHeldAgain(client: QueryClient, id: string): void {
  void client.invalidateQueries({ queryKey: outsideKeys.held(id) });
  void client.invalidateQueries({ queryKey: outsideKeys.heldCounts });
}

export function writePlace(client: QueryClient, place: OwnPlace): void {
  writeConversation(client, place.conversation_id, (one) =>
    one.me && isNewer(one.me.own_seq, place.own_seq) ? one : { ...one, me: place },
  );
}

export function dropConversation(client: QueryClient, id: string): void {
  client.setQueryData<Conversation[]>(chatKeys.conversations, (all) => all?.filter((one) => one.id !== id));
  void client.invalidateQueries({ queryKey: chatKeys.conversation(id) });
}

export function writeTimelines(client: QueryClient, id: string, change: (held: Timeline) => Timeline): void {
  for (const [key, held] of client.getQueriesData<Timeline>({ queryKey: chatKeys.timelines(id) })) {
    const next = held && change(held);
    if (next && next !== held) client.setQueryData(key, next);
  }
}

/** What an act answered: the same as the stream will tell. */
export function writeMessage(client: QueryClient, message: Message): void {
  for (const [key, held] of client.getQueriesData<Timeline>({
    queryKey: chatKeys.timelines(message.conversation_id),
  })) {
    if (!held) continue;
    const news = { messages: [message], threads: [], state: held.state };
    const next = applyNews(held, news, (key[2] as string) || null);
    if (next !== held) client.setQueryData(key, next);
  }
}

export function withDrafts(all: Draft[], changed: readonly Draft[]): Draft[] {
  if (changed.length === 0) return all;
  const is = (one: Draft) => (other: Draft) =>
    other.conversation_id === one.conversation_id && other.thread_id === one.thread_id;
  const kept = all.filter((one) => !changed.some(is(one)));
  return [...changed.filter((one) => one.content !== null), ...kept];
}

export function withScheduled(all: Scheduled[], changed: readonly Scheduled[]): Scheduled[] {
  if (changed.length === 0) return all;
  const ids = new Set(changed.map((one) => one.id));
  const waits = changed.filter((one) => one.state === "waiting" || one.state === "failed");
  const both = [...all.filter((one) => !ids.has(one.id)), ...waits];
  return both.toSorted((a, b) => Date.parse(a.send_at) - Date.parse(b.send_at));
}
