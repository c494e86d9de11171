/** Whom one has blocked: what they say in groups stands folded until one wants to see it. */
import { useQuery } from "@tanstack/react-query";
import { create } from "zustand";
import type { Conversation } from "../../api/chat";
import { type Blocked, blocksQuery } from "../../api/chat-privacy";

const A_MINUTE = 60_000;
const NOBODY: ReadonlySet<string> = new Set();
const idsOf = (all: readonly Blocked[]): ReadonlySet<string> => new Set(all.map((one) => one.user_id));

/** Empty in a direct conversation, which one has chosen to open. */
export function useBlocked(kind: Conversation["kind"]): ReadonlySet<string> {
  const found = useQuery({ ...blocksQuery, staleTime: A_MINUTE, select: idsOf, enabled: kind !== "direct" }).data;
  return kind === "direct" ? NOBODY : (found ?? NOBODY);
}

/** Messages that one wanted to see, until the page is loaded anew. */
export const useUnfolded = create<{ [messageId: string]: true }>(() => ({}));

export const unfold = (messageId: string) => useUnfolded.setState({ [messageId]: true });

type Said = { id: string; author: { id: string | null } };

export const isFolded = (message: Said, blocked: ReadonlySet<string>, unfolded: { [id: string]: true }): boolean =>
  message.author.id !== null && blocked.has(message.author.id) && !unfolded[message.id];
