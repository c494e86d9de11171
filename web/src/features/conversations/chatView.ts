/** The cursor of a timeline: which message the keys mean, and what stands open at it. */
import { create } from "zustand";
import type { Message } from "../../api/chat";

export type OpenSheet = { kind: "forward" | "report" | "readers" | "revisions" | "remind"; message: Message } | null;

/** Who it is of, what was clicked, and the message that this stands in: it may fold when its author is blocked. */
export type OpenCard = { userId: string; name: string; from: HTMLElement; row: HTMLElement | null } | null;

type ChatView = {
  focusedId: string | null;
  hoveredId: string | null;
  reactingId: string | null;
  sheet: OpenSheet;
  card: OpenCard;
};

export const useChatView = create<ChatView>(() => ({
  focusedId: null,
  hoveredId: null,
  reactingId: null,
  sheet: null,
  card: null,
}));

export const focusMessage = (focusedId: string | null) => useChatView.setState({ focusedId });
export const hoverMessage = (hoveredId: string | null) => useChatView.setState({ hoveredId });
export const openReacting = (reactingId: string | null) => useChatView.setState({ reactingId });
export const openChatSheet = (sheet: OpenSheet) => useChatView.setState({ sheet });

export const openCard = (card: OpenCard) => useChatView.setState({ card });

export const rowDomId = (id: string) => `message-${id}`;
