/** Timelines of the cache: opened where one reads, and read on at either end. */
import type { QueryClient } from "@tanstack/react-query";
import { queryOptions } from "@tanstack/react-query";
import { chatKeys, fetchPiece } from "../api/chat";
import type { Timeline } from "../lib/timeline";
import { joined } from "../lib/timeline";
import { fetchTimeline } from "./conversations";

const AN_HOUR = 3_600_000;

/** `start` is the number it opens at; without it at the newest. What is kept already stays where it is. */
export const timelineQuery = (id: string, threadId: string | null, start: number | null) =>
  queryOptions({
    queryKey: chatKeys.timeline(id, threadId),
    queryFn: ({ signal, client }) => {
      const held = client.getQueryData<Timeline>(chatKeys.timeline(id, threadId));
      const around = held ? placeOf(held) : start;
      return fetchTimeline(id, threadId, around === null ? {} : { around }, signal);
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: AN_HOUR,
  });

const placeOf = (held: Timeline): number | null =>
  held.hasNewer ? (held.messages[Math.floor(held.messages.length / 2)]?.number ?? null) : null;

/** Opens anew at this number, or at the newest. */
export async function reopenAt(
  client: QueryClient,
  id: string,
  threadId: string | null,
  number: number | null,
): Promise<void> {
  const held = await fetchTimeline(id, threadId, number === null ? {} : { around: number });
  client.setQueryData(chatKeys.timeline(id, threadId), held);
}

const reading = new Map<string, Promise<void>>();

/** The next piece at one end, once at a time. */
export function readBeside(
  client: QueryClient,
  id: string,
  threadId: string | null,
  end: "older" | "newer",
): Promise<void> {
  const name = `${id} ${threadId} ${end}`;
  const running = reading.get(name);
  if (running) return running;
  const key = chatKeys.timeline(id, threadId);
  const held = client.getQueryData<Timeline>(key);
  const edge = end === "older" ? oldestOf(held, threadId) : held?.messages.at(-1);
  if (!held || !edge || !(end === "older" ? held.hasOlder : held.hasNewer)) return Promise.resolve();
  const work = fetchPiece(id, threadId, end === "older" ? { before: edge.number } : { after: edge.number })
    .then((piece) => {
      client.setQueryData<Timeline>(key, (now) => now && joined(now, piece, end));
    })
    .finally(() => reading.delete(name));
  reading.set(name, work);
  return work;
}

/** A thread shows its root first, which stands in the main timeline. */
function oldestOf(held: Timeline | undefined, threadId: string | null) {
  return held?.messages.find((one) => one.thread_id === threadId);
}
