/** One timeline of the cache, drawn as rows, and how to read on at either end. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { Message } from "../../api/chat";
import { chatKeys, foundQuery } from "../../api/chat";
import { messageOf } from "../../api/error";
import type { Timeline } from "../../lib/timeline";
import { rowsOf } from "../../lib/timeline";
import { starsKey } from "../../sync/chat-cache";
import { useOutbox } from "../../sync/chat-outbox";
import { readBeside, timelineQuery } from "../../sync/timelines";

export type TimelineWanted = {
  conversationId: string;
  threadId: string | null;
  /** The number it opens at: a link's, else the first that is unread. */
  start: number | null;
  /** How far one had read when it was opened. */
  readNumber: number | null;
  meId: string;
};

const NONE: Message[] = [];
const NO_THREADS: Timeline["threads"] = {};

export function useTimeline({ conversationId, threadId, start, readNumber, meId }: TimelineWanted) {
  const client = useQueryClient();
  useState(() =>
    forgetElsewhere(client.getQueryData(chatKeys.timeline(conversationId, threadId)), start, () =>
      client.removeQueries({ queryKey: chatKeys.timeline(conversationId, threadId) }),
    ),
  );
  const query = useQuery(timelineQuery(conversationId, threadId, start));
  const [problem, setProblem] = useState<string | null>(null);
  const held = query.data;
  const messages = held?.messages ?? NONE;
  const rows = useMemo(() => rowsOf(messages, readNumber, meId), [messages, readNumber, meId]);
  const byId = useMemo(() => new Map(messages.map((one) => [one.id, one])), [messages]);
  const read = (end: "older" | "newer") =>
    readBeside(client, conversationId, threadId, end).then(
      () => setProblem(null),
      (error: unknown) => setProblem(messageOf(error)),
    );
  return {
    rows,
    messages,
    byId,
    threads: held?.threads ?? NO_THREADS,
    hasOlder: held?.hasOlder ?? false,
    hasNewer: held?.hasNewer ?? false,
    isReady: held !== undefined,
    error: held ? null : query.error,
    problem,
    read,
    retry: () => void query.refetch(),
  };
}

/** What is kept does not reach to where it is to be opened: then it is read anew there. */
function forgetElsewhere(held: Timeline | undefined, start: number | null, forget: () => void): null {
  if (!held) return null;
  const first = held.messages[0]?.number ?? 0;
  const last = held.messages.at(-1)?.number ?? 0;
  const isOutside =
    start === null ? held.hasNewer : (start < first && held.hasOlder) || (start > last && held.hasNewer);
  if (isOutside) forget();
  return null;
}

/** What one has written here and is not there yet. */
export function usePending(
  conversationId: string,
  threadId: string | null,
  rootId: string | null,
  held: readonly Message[],
) {
  const items = useOutbox((outbox) => outbox.items);
  return useMemo(() => {
    const arrived = new Set(held.map((one) => one.client_id));
    const isHere = (thread: string | null, root: string | null) =>
      threadId === null && rootId === null
        ? thread === null && root === null
        : (thread !== null && thread === threadId) || (root !== null && root === rootId);
    return items.filter(
      (one) => one.conversationId === conversationId && isHere(one.threadId, one.rootId) && !arrived.has(one.clientId),
    );
  }, [items, conversationId, threadId, rootId, held]);
}

/** Which of the messages one has starred: asked for once a conversation, then told. */
export function useStars(conversationId: string): { [id: string]: boolean } {
  const client = useQueryClient();
  const found = useQuery({ ...foundQuery("star", conversationId), staleTime: Number.POSITIVE_INFINITY }).data;
  useEffect(() => {
    if (!found) return;
    client.setQueryData<{ [id: string]: boolean }>(starsKey, (all) => ({
      ...Object.fromEntries(found.map((one) => [one.id, true])),
      ...all,
    }));
  }, [client, found]);
  return (
    useQuery<{ [id: string]: boolean }>({ queryKey: starsKey, queryFn: () => ({}), enabled: false }).data ?? NO_STARS
  );
}

const NO_STARS = {};
