/** The list of conversations: which there are, in what order, and what stands at each. */
import type { QueryClient } from "@tanstack/react-query";
import type { Conversation, Counter } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import type { HeldCount } from "../../api/outside";
import { plainLine } from "../../lib/chat-text";
import { t } from "../../lib/i18n";
import { lastAt } from "../../lib/last-message";
import { matchScore } from "../../lib/match";

export type Listed = {
  conversation: Conversation;
  unread: number;
  mentions: number;
  isMuted: boolean;
  /** Marked unread by hand, though nothing new is there. */
  isMarked: boolean;
  /** Mails that wait for one's word before they are let in. */
  held: number;
};

export type Folder = { name: string; all: Listed[] };

export type Sections = { favourites: Listed[]; unread: Listed[]; folders: Folder[]; others: Listed[] };

export function nameOf(conversation: Conversation | undefined): string {
  if (!conversation) return "";
  if (conversation.kind === "direct") return conversation.with?.name || t("Somebody who left");
  return conversation.name || t("Unnamed group");
}

export function isMuted(conversation: Conversation, now = Date.now()): boolean {
  const until = conversation.me?.muted_until;
  return until !== null && until !== undefined && Date.parse(until) > now;
}

export function listed(
  all: readonly Conversation[],
  counters: readonly Counter[],
  held: readonly HeldCount[] = [],
  now = Date.now(),
): Listed[] {
  const byId = new Map(counters.map((one) => [one.conversation_id, one]));
  const heldById = new Map(held.map((one) => [one.conversation_id, one.count]));
  return all.map((conversation) => {
    const counter = byId.get(conversation.id);
    return {
      conversation,
      unread: counter?.unread ?? 0,
      mentions: counter?.mentions ?? 0,
      isMuted: isMuted(conversation, now),
      isMarked: conversation.me?.is_marked_unread ?? false,
      held: heldById.get(conversation.id) ?? 0,
    };
  });
}

export const isLoud = (one: Listed) => one.mentions > 0 || (!one.isMuted && (one.unread > 0 || one.isMarked));

/** Favourites first, then what is unread, then one's folders, then the rest; each by what was written last. */
export function sectionsOf(all: readonly Listed[]): Sections {
  const byLast = all.toSorted((a, b) => lastAt(b.conversation).localeCompare(lastAt(a.conversation)));
  const favourites = byLast.filter((one) => one.conversation.me?.is_favourite);
  const rest = byLast.filter((one) => !one.conversation.me?.is_favourite);
  const loose = rest.filter((one) => !folderOf(one));
  const folders = foldersOf(all.map(({ conversation }) => conversation))
    .map((name) => ({ name, all: rest.filter((one) => folderOf(one) === name) }))
    .filter((folder) => folder.all.length > 0);
  return { favourites, unread: loose.filter(isLoud), folders, others: loose.filter((one) => !isLoud(one)) };
}

const folderOf = ({ conversation }: Listed) => conversation.me?.folder ?? "";

/** The names of one's folders; one is there while something lies in it. */
export function foldersOf(all: readonly Conversation[]): string[] {
  const names = new Set(all.flatMap((one) => one.me?.folder || []));
  return [...names].toSorted((a, b) => a.localeCompare(b));
}

/** A closed section still shows what is unread and what is open. */
export function shownOf(some: readonly Listed[], isClosed: boolean, openId: string | null): Listed[] {
  return some.filter((one) => !isClosed || isLoud(one) || one.conversation.id === openId);
}

/** What was said last, in one line; who said it where that is not plain. */
export function lastLine(
  { kind, last }: Conversation,
  meId: string,
  blocked: ReadonlySet<string> = new Set(),
): { who: string; text: string } | null {
  if (!last) return null;
  if (last.author.id && blocked.has(last.author.id)) return { who: "", text: t("Somebody you blocked wrote") };
  const isMine = last.author.id !== null && last.author.id === meId;
  const who = isMine ? t("You") : kind === "direct" ? "" : last.author.name || t("Somebody who left");
  return { who, text: plainLine(last.text) || (last.has_files ? t("a file") : "") };
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
  const { favourites, unread, folders, others } = sectionsOf(listed(all, counters));
  const order = [...favourites, ...unread, ...folders.flatMap((folder) => folder.all), ...others];
  const at = order.findIndex((one) => one.conversation.id === openId);
  const round = [...order.slice(at + 1), ...order.slice(0, Math.max(at, 0))];
  return round.find(isLoud)?.conversation.id ?? null;
}
