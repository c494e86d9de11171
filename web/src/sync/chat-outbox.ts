/**
 * What was written and is not on the server yet. Each message has an id of its own from the beginning: it is shown at
 * once, kept in IndexedDB, sent when the server is there, and however often it is sent it is one message there.
 */
import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import type { ChatFile, Message, NewMessage, Scheduled } from "../api/chat";
import { chatKeys } from "../api/chat";
import { chat, messageActs } from "../api/chat-acts";
import { ApiError, messageOf } from "../api/error";
import { sessionUser } from "../api/session";
import { deleteStored, readAllStored, writeStored } from "../lib/storage";
import { withScheduled, writeMessage } from "./chat-cache";

const PREFIX = "chat-outbox ";
const RETRY_MS = 3_000;
const LONGEST_RETRY_MS = 30_000;
const TRY_AGAIN = new Set([0, 401, 408, 429, 500, 502, 503, 504]);

export type Pending = {
  clientId: string;
  userId: string;
  conversationId: string;
  threadId: string | null;
  /** Where the thread begins, while it has no answer yet. */
  rootId: string | null;
  body: Omit<NewMessage, "client_id" | "thread_id">;
  files: ChatFile[];
  createdAt: string;
  state: "waiting" | "sending" | "failed";
  problem: string | null;
};

export const useOutbox = create<{ items: Pending[] }>(() => ({ items: [] }));

let client: QueryClient | null = null;
let isSending = false;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;

export async function startOutbox(queryClient: QueryClient): Promise<void> {
  client = queryClient;
  const me = sessionUser()?.id;
  const kept = (await readAllStored<Pending>(PREFIX)).filter((one) => one.userId === me);
  const known = new Set(useOutbox.getState().items.map((one) => one.clientId));
  const items = kept.filter((one) => !known.has(one.clientId)).map(waitingAgain);
  items.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  useOutbox.setState((before) => ({ items: [...items, ...before.items] }));
  void sendChat();
}

const waitingAgain = (one: Pending): Pending => (one.state === "sending" ? { ...one, state: "waiting" } : one);

export function stopOutbox(): void {
  clearTimeout(retry);
  client = null;
  useOutbox.setState({ items: [] });
}

export type Written = Pick<Pending, "conversationId" | "threadId" | "rootId" | "body" | "files">;

export function post(written: Written): Pending {
  const one: Pending = {
    ...written,
    clientId: crypto.randomUUID(),
    userId: sessionUser()?.id ?? "",
    createdAt: new Date().toISOString(),
    state: "waiting",
    problem: null,
  };
  useOutbox.setState(({ items }) => ({ items: [...items, one] }));
  void writeStored(PREFIX + one.clientId, one);
  void sendChat();
  return one;
}

export function tryAgain(clientId: string): void {
  patch(clientId, { state: "waiting", problem: null });
  void sendChat();
}

export function discard(clientId: string): void {
  useOutbox.setState(({ items }) => ({ items: items.filter((one) => one.clientId !== clientId) }));
  void deleteStored(PREFIX + clientId);
}

/** The stream told of them: they have arrived, whatever became of the answer. */
export function settleSent(messages: readonly Message[]): void {
  const me = sessionUser()?.id;
  for (const { client_id: clientId, author } of messages) {
    if (clientId && author.id === me && find(clientId)) discard(clientId);
  }
}

const find = (clientId: string) => useOutbox.getState().items.find((one) => one.clientId === clientId);

function patch(clientId: string, changes: Partial<Pending>): void {
  useOutbox.setState(({ items }) => ({
    items: items.map((one) => (one.clientId === clientId ? { ...one, ...changes } : one)),
  }));
  const now = find(clientId);
  if (now) void writeStored(PREFIX + clientId, now);
}

/** In the order of writing. One that is refused lets the next go on; one that cannot be sent holds them. */
export async function sendChat(): Promise<void> {
  if (isSending || !client) return;
  isSending = true;
  clearTimeout(retry);
  try {
    for (let one = next(); one && client; one = next()) {
      if (!(await sendOne(client, one))) break;
      failures = 0;
    }
  } finally {
    isSending = false;
  }
}

const next = () => useOutbox.getState().items.find((one) => one.state === "waiting");

async function sendOne(cache: QueryClient, one: Pending): Promise<boolean> {
  patch(one.clientId, { state: "sending" });
  try {
    take(cache, await sent(one));
    discard(one.clientId);
    return true;
  } catch (error) {
    if (error instanceof ApiError && !TRY_AGAIN.has(error.status)) {
      patch(one.clientId, { state: "failed", problem: messageOf(error) });
      return true;
    }
    patch(one.clientId, { state: "waiting" });
    failures += 1;
    const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    retry = setTimeout(() => void sendChat(), asked || Math.min(LONGEST_RETRY_MS, RETRY_MS * failures));
    return false;
  }
}

function sent(one: Pending): Promise<Message | Scheduled> {
  const body = { ...one.body, client_id: one.clientId };
  if (one.rootId && !one.threadId) return messageActs.reply(one.rootId, { ...replyBody(body), in_thread: true });
  return chat.send(one.conversationId, one.threadId ? { ...body, thread_id: one.threadId } : body);
}

/** An answer in a thread says by its address what it answers. */
const replyBody = ({ reply_to: _, ...rest }: Omit<NewMessage, "thread_id">) => rest;

function take(cache: QueryClient, answer: Message | Scheduled): void {
  if ("number" in answer) writeMessage(cache, answer);
  else cache.setQueryData<Scheduled[]>(chatKeys.scheduled, (all) => withScheduled(all ?? [], [answer]));
}
