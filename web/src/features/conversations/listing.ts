/** The list of conversations: which there are, in what order, and what stands at each. */
import type { QueryClient } from "@tanstack/react-query";
import type { Conversation, Counter } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { t } from "../../lib/i18n";
import { matchScore } from "../../lib/match";

export type Listed = {
  conversation: Conversation;
  unread: number;
  mentions: number;
  isMuted: boolean;
  /** Marked unread by hand, though nothing new is there. */
  isMarked: boolean;
};

export type Sections = { favourites: Listed[]; unread: Listed[]; others: Listed[] };

export function nameOf(conversation: Conversation | undefined): string {
  if (!conversation) return "";
  if (conversation.kind === "direct") return conversation.with?.name || t("Somebody who left");
  return conversation.name || t("Unnamed group");
}

export function isMuted(conversation: Conversation, now = Date.now()): boolean {
  const until = conversation.me?.muted_until;
  return until !== null && until !== undefined && Date.parse(until) > now;
}

export function listed(all: readonly Conversation[], counters: readonly Counter[], now = Date.now()): Listed[] {
  const byId = new Map(counters.map((one) => [one.conversation_id, one]));
  return all.map((conversation) => {
    const counter = byId.get(conversation.id);
    return {
      conversation,
      unread: counter?.unread ?? 0,
      mentions: counter?.mentions ?? 0,
      isMuted: isMuted(conversation, now),
      isMarked: conversation.me?.is_marked_unread ?? false,
    };
  });
}

export const isLoud = (one: Listed) => one.mentions > 0 || (!one.isMuted && (one.unread > 0 || one.isMarked));

/** Favourites first, then what is unread, then the rest; each by what was written last. */
export function sectionsOf(all: readonly Listed[]): Sections {
  const byLast = all.toSorted((a, b) => b.conversation.last_at.localeCompare(a.conversation.last_at));
  const favourites = byLast.filter((one) => one.conversation.me?.is_favourite);
  const rest = byLast.filter((one) => !one.conversation.me?.is_favourite);
  return { favourites, unread: rest.filter(isLoud), others: rest.filter((one) => !isLoud(one)) };
}

export function fitting(all: readonly Listed[], typed: string): Listed[] {
  if (typed.trim() === "") return [...all];
  return all
    .map((one) => ({ one, score: matchScore(`${nameOf(one.conversation)} ${one.conversation.topic}`, typed) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ one }) => one);
}

/** For the rail: conversations with something new. Muted ones count when one is named in them. */
export function unreadCount(all: readonly Listed[]): number {
  return all.filter(isLoud).length;
}

/** The next conversation with something unread, below the open one and round. */
export function nextUnread(client: QueryClient, openId: string | null): string | null {
  const all = client.getQueryData<Conversation[]>(chatKeys.conversations) ?? [];
  const counters = client.getQueryData<Counter[]>(chatKeys.counters) ?? [];
  const { favourites, unread, others } = sectionsOf(listed(all, counters));
  const order = [...favourites, ...unread, ...others];
  const at = order.findIndex((one) => one.conversation.id === openId);
  const round = [...order.slice(at + 1), ...order.slice(0, Math.max(at, 0))];
  return round.find(isLoud)?.conversation.id ?? null;
}
