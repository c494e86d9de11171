import type { LucideIcon } from "lucide-react";
import { Hash, MessageSquare, StickyNote, Users } from "lucide-react";
import type { Conversation } from "../../api/chat";

/** What stands for each kind of conversation. */
export const KIND_ICONS: Record<Conversation["kind"], LucideIcon> = {
  channel: Hash,
  group: Users,
  direct: MessageSquare,
  notes: StickyNote,
};
