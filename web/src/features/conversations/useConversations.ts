/** The conversations of the cache, with what is unread in each. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Conversation, Counter } from "../../api/chat";
import { conversationQuery, conversationsQuery, countersQuery, participantsQuery } from "../../api/chat";
import { myselfQuery } from "../../api/myself";
import { heldCountsQuery } from "../../api/outside";
import { useMe } from "../shell/useMail";
import type { Listed } from "./listing";
import { listed, unreadCount } from "./listing";

const NONE: Conversation[] = [];
const NO_COUNTERS: Counter[] = [];

/** Whether conversations are there for the person at all. */
export function useMayTalk(): boolean {
  return useQuery(myselfQuery).data?.permissions.includes("conversations.use") ?? false;
}

export function useListed(): { all: Listed[]; isReady: boolean; error: unknown; retry: () => void } {
  const enabled = useMayTalk();
  const query = useQuery({ ...conversationsQuery, enabled });
  const counters = useQuery({ ...countersQuery, enabled }).data ?? NO_COUNTERS;
  const held = useQuery({ ...heldCountsQuery, enabled }).data;
  const data = query.data ?? NONE;
  const all = useMemo(() => listed(data, counters, held), [data, counters, held]);
  return { all, isReady: query.data !== undefined, error: query.error, retry: () => void query.refetch() };
}

/** One of the list, else by its own address: a channel that one is not in. */
export function useConversation(id: string): { conversation: Conversation | undefined; error: unknown } {
  const list = useQuery(conversationsQuery);
  const found = list.data?.find((one) => one.id === id);
  const isOther = list.data !== undefined && !found;
  const other = useQuery({ ...conversationQuery(id), enabled: isOther });
  return { conversation: found ?? other.data, error: found ? null : (other.error ?? list.error) };
}

export function useParticipants(id: string) {
  return useQuery(participantsQuery(id)).data;
}

export function useMeId(): string {
  return useMe()?.id ?? "";
}

/** How many conversations have something new. */
export function useUnreadConversations(): number {
  const { all } = useListed();
  return useMemo(() => unreadCount(all), [all]);
}
