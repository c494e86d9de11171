/** What the stream tells beside mail; docs/protocols/stream.md has the words. */
import type { ConversationNews, OwnNews } from "../api/chat";

export type Resync = { type: "resync"; account?: string; conversation?: string; own?: true; state?: string };

export type Told =
  | Resync
  | { type: "following"; conversations: { [id: string]: string }; not_found: string[]; own?: string }
  | ({ type: "conversation" } & ConversationNews)
  | ({ type: "own" } & OwnNews)
  | { type: "error"; code: string; conversation?: string }
  | { type: "notifications"; seq: string; unread: number; resync: boolean; items: object[] }
  | { type: "looking"; conversation: string; people: string[]; count: number }
  | {
      type: "typing";
      conversation: string;
      thread: string | null;
      user: string;
      is_typing: boolean;
      answers_mail: boolean;
    };
