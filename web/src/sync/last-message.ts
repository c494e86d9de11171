/** Keeps the newest message of each conversation in the list: by the news, and asked anew where it was taken away. */
import type { QueryClient } from "@tanstack/react-query";
import type { Conversation, Message } from "../api/chat";
import { chatKeys, fetchConversation } from "../api/chat";
import { lastAfter } from "../lib/last-message";
import { writeConversation } from "./chat-cache";

function known(client: QueryClient, id: string): Conversation | undefined {
  return client.getQueryData<Conversation[]>(chatKeys.conversations)?.find((one) => one.id === id);
}

export function writeLast(client: QueryClient, id: string, changed: readonly Message[]): void {
  const before = known(client, id)?.last ?? null;
  const last = lastAfter(before, changed);
  if (last === before) return;
  writeConversation(client, id, (one) => ({ ...one, last }));
  if (last === null) void askLast(client, id);
}

/** One deleted it for oneself. */
export function dropLast(client: QueryClient, id: string, messageId: string): void {
  if (known(client, id)?.last?.id !== messageId) return;
  writeConversation(client, id, (one) => ({ ...one, last: null }));
  void askLast(client, id);
}

async function askLast(client: QueryClient, id: string): Promise<void> {
  try {
    const { last } = await fetchConversation(id);
    writeConversation(client, id, (one) => (one.last ? one : { ...one, last }));
  } catch {
    // The line says nothing until the next message, or until the list is read again.
  }
}
