/** Conversations: what is asked of the server, and under which key it is kept. The stream keeps it current. */
import { queryOptions } from "@tanstack/react-query";
import type { Timeline as Held } from "../lib/timeline";
import { heldFrom } from "../lib/timeline";
import { call } from "./call";
import type * as Wire from "./generated/schema";

export type Conversation = Wire.Conversation;
export type ConversationState = Wire.ConversationState;
export type LastMessage = Wire.LastMessage;
export type OwnPlace = Wire.OwnPlace;
export type Message = Omit<Wire.ChatMessage, "reactions"> & { reactions: { [emoji: string]: string[] } };
export type ChatThread = Wire.ChatThread;
export type ThreadFollow = Wire.ThreadFollow;
export type UnreadThread = Wire.UnreadThread;
export type Participant = Wire.Participant;
export type Counter = Wire.ChatCounter;
export type ChatFile = Wire.ChatFile;
export type ChatFileLink = Wire.ChatFileLink;
export type ChatPreview = Wire.ChatPreview;
export type Draft = Wire.ChatDraft;
export type Scheduled = Wire.ScheduledMessage;
export type Reminder = Wire.ReminderOfMessage;
export type Export = Wire.ChatExport;
export type Readers = Wire.ChatReaders;
export type ConversationNews = Omit<Wire.ConversationChanges, "messages"> & { messages: Message[] };
export type OwnNews = Wire.OwnChanges;
export type NewMessage = Wire.NewChatMessageRequest;
export type NewConversation = Wire.NewConversationRequest;
export type ConversationChange = Wire.PatchedConversationChangeRequest;
export type OwnChange = Wire.PatchedOwnChangeRequest;
export type Has = NonNullable<Wire.Operations["GET /api/v1/messages/"]["query"]["has"]>;

const UNTIL_TOLD = Number.POSITIVE_INFINITY;
const MOST = 200;
/** A server with more is asked no further: nobody looks through ten thousand conversations. */
const MOST_PAGES = 10;
export const PIECE = 60;

export const chatKeys = {
  conversations: ["conversations"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  counters: ["chat-counters"] as const,
  allTimelines: ["timeline"] as const,
  timelines: (conversationId: string) => ["timeline", conversationId] as const,
  timeline: (conversationId: string, threadId: string | null) => ["timeline", conversationId, threadId ?? ""] as const,
  participants: (id: string) => ["participants", id] as const,
  pins: (id: string) => ["chat-pins", id] as const,
  found: (has: Has, id: string) => ["chat-found", has, id] as const,
  files: (messageId: string) => ["chat-files", messageId] as const,
  previews: (messageId: string, seq: string) => ["chat-previews", messageId, seq] as const,
  drafts: ["chat-drafts"] as const,
  scheduled: ["chat-scheduled"] as const,
  reminders: ["chat-reminders"] as const,
  unreadThreads: ["chat-unread-threads"] as const,
};

type Page<Item> = { items: Item[]; next: string | null };

async function allOf<Item>(ask: (cursor: { cursor?: string }) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let next: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: Page<Item> = await ask(next ? { cursor: next } : {});
    items.push(...answer.items);
    next = answer.next;
    if (!next) break;
  }
  return items;
}

export const conversationsQuery = queryOptions({
  queryKey: chatKeys.conversations,
  queryFn: ({ signal }) =>
    allOf<Conversation>((cursor) => call("GET /api/v1/conversations/", { query: { limit: MOST, ...cursor }, signal })),
  staleTime: UNTIL_TOLD,
});

export const fetchConversation = (id: string, signal?: AbortSignal): Promise<Conversation> =>
  call("GET /api/v1/conversations/{conversation_id}/", {
    path: { conversation_id: id },
    ...(signal ? { signal } : {}),
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: chatKeys.conversation(id),
    queryFn: ({ signal }) => fetchConversation(id, signal),
    staleTime: UNTIL_TOLD,
  });

export const countersQuery = queryOptions({
  queryKey: chatKeys.counters,
  queryFn: async ({ signal }) => (await call("GET /api/v1/conversations/unread/", { signal })).items,
  staleTime: UNTIL_TOLD,
});

export type Beside = { before?: number; after?: number; around?: number };
export type Piece = Omit<Wire.Timeline, "items"> & { items: Message[] };

export function fetchPiece(conversationId: string, threadId: string | null, beside: Beside, signal?: AbortSignal) {
  const query = { limit: PIECE, ...beside, ...(threadId ? { thread: threadId } : {}) };
  const path = { conversation_id: conversationId };
  const asked = { path, query, ...(signal ? { signal } : {}) };
  return call("GET /api/v1/conversations/{conversation_id}/messages/", asked) as Promise<Piece>;
}

export const fetchHeld = async (
  conversationId: string,
  threadId: string | null,
  beside: Beside,
  signal?: AbortSignal,
): Promise<Held> => heldFrom(await fetchPiece(conversationId, threadId, beside, signal));

export const participantsQuery = (id: string) =>
  queryOptions({
    queryKey: chatKeys.participants(id),
    queryFn: ({ signal }) =>
      allOf<Participant>((cursor) =>
        call("GET /api/v1/conversations/{conversation_id}/participants/", {
          path: { conversation_id: id },
          query: { limit: MOST, ...cursor },
          signal,
        }),
      ),
    staleTime: UNTIL_TOLD,
  });

export const pinsQuery = (id: string) =>
  queryOptions({
    queryKey: chatKeys.pins(id),
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/conversations/{conversation_id}/pins/", { path: { conversation_id: id }, signal }))
        .items as Message[],
  });

/** What brings something; over all conversations where `id` is empty. */
export const foundQuery = (has: Has, id = "") =>
  queryOptions({
    queryKey: chatKeys.found(has, id),
    queryFn: async ({ signal }) => {
      const query = { has, limit: 100, ...(id ? { conversation: id } : {}) };
      return (await call("GET /api/v1/messages/", { query, signal })).items as Message[];
    },
  });

export const wordsQuery = (q: string) =>
  queryOptions({
    queryKey: ["chat-words", q] as const,
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/messages/", { query: { q, limit: 8 }, signal })).items as Message[],
    staleTime: 10_000,
  });

const SOON_MS = 700;

/** One's own exports, asked for again while one is being made. */
export const exportsQuery = queryOptions({
  queryKey: ["chat-exports"] as const,
  queryFn: async ({ signal }) => (await call("GET /api/v1/conversations/exports/", { signal })).items,
  refetchInterval: (query) => (query.state.data?.some((one) => one.state === "waiting") ? SOON_MS : false),
});

/** The addresses are signed for an hour or two. */
export const filesQuery = (messageId: string) =>
  queryOptions({
    queryKey: chatKeys.files(messageId),
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/messages/{message_id}/files/", { path: { message_id: messageId }, signal })).items,
    staleTime: 40 * 60_000,
    refetchInterval: 40 * 60_000,
  });

/** The same of pictures in previews; another state of the message may have others. */
export const previewPicturesQuery = (messageId: string, seq: string) =>
  queryOptions({
    queryKey: chatKeys.previews(messageId, seq),
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/messages/{message_id}/previews/", { path: { message_id: messageId }, signal })).items,
    staleTime: 40 * 60_000,
    refetchInterval: 40 * 60_000,
  });

export const draftsQuery = queryOptions({
  queryKey: chatKeys.drafts,
  queryFn: async ({ signal }) => (await call("GET /api/v1/conversations/drafts/", { signal })).items,
  staleTime: UNTIL_TOLD,
});

export const scheduledQuery = queryOptions({
  queryKey: chatKeys.scheduled,
  queryFn: async ({ signal }) => (await call("GET /api/v1/conversations/scheduled/", { signal })).items,
  staleTime: UNTIL_TOLD,
});

export const remindersQuery = queryOptions({
  queryKey: chatKeys.reminders,
  queryFn: async ({ signal }) => (await call("GET /api/v1/conversations/reminders/", { signal })).items,
  staleTime: UNTIL_TOLD,
});

export const unreadThreadsQuery = queryOptions({
  queryKey: chatKeys.unreadThreads,
  queryFn: async ({ signal }) => (await call("GET /api/v1/threads/unread/", { query: { limit: 100 }, signal })).items,
});

/** What the organisation lays down: everybody may know it. */
export const chatPolicyQuery = queryOptions({
  queryKey: ["chat-policy"],
  queryFn: ({ signal }) => call("GET /api/v1/conversations/policy/", { signal }),
  staleTime: 60_000,
});

export const openChannelsQuery = (q: string) =>
  queryOptions({
    queryKey: ["open-channels", q] as const,
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/conversations/", { query: { open: true, limit: 100, ...(q ? { q } : {}) }, signal }))
        .items,
    staleTime: 5_000,
  });
