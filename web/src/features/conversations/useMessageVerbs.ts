/** All that is done with one message, for its bar, its menu and the keys alike. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ChatThread, Conversation, Message } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { myselfQuery } from "../../api/myself";
import { textToShow } from "../../lib/chat-text";
import { t } from "../../lib/i18n";
import { starsKey, writePlace } from "../../sync/chat-cache";
import { showToast } from "../../ui/toasts";
import { openChatSheet, openReacting } from "./chatView";
import { focusComposer } from "./focus";
import { nameOf } from "./listing";
import { mailMessage } from "./mailMessage";
import { copyLink, pin, remove, star } from "./messageActs";
import { holdUnread } from "./reading";
import { useMeId } from "./useConversations";
import { NOTHING, placeOf, write } from "./writing";

export type MessageVerb =
  | "react"
  | "reply"
  | "thread"
  | "edit"
  | "delete"
  | "hide"
  | "star"
  | "pin"
  | "forward"
  | "mail"
  | "link"
  | "unread"
  | "remind"
  | "readers"
  | "revisions"
  | "report";

export type MessageVerbs = {
  can: (verb: MessageVerb, message: Message) => boolean;
  run: (verb: MessageVerb, message: Message) => void;
};

export function useMessageVerbs(
  conversation: Conversation,
  threadKey: string | null,
  threads: { [rootId: string]: ChatThread },
): MessageVerbs {
  const client = useQueryClient();
  const navigate = useNavigate();
  const meId = useMeId();
  const place = placeOf(conversation.id, threadKey);
  const isIn = conversation.me !== null;
  const mayMail = useQuery(myselfQuery).data?.permissions.includes("mail.send") ?? false;
  const isAdmin = conversation.me?.role === "owner" || conversation.me?.role === "admin";
  const can = (verb: MessageVerb, message: Message): boolean => {
    if (message.kind === "system") return verb === "link" || (verb === "unread" && isIn);
    if (verb === "link") return true;
    if (message.deleted_at !== null || !isIn) return false;
    const isMine = message.author.id === meId;
    if (verb === "edit") return isMine && !conversation.archived_at;
    if (verb === "delete") return isMine || isAdmin;
    if (verb === "report") return !isMine;
    if (verb === "thread") return threadKey === null;
    if (verb === "mail") return mayMail;
    if (verb === "revisions") return message.revisions > 0;
    if (conversation.archived_at) return !["react", "reply", "pin"].includes(verb);
    return true;
  };
  const openThread = (message: Message) => {
    const known = threads[message.id];
    void navigate({
      to: "/conversations/$conversationId",
      params: { conversationId: conversation.id },
      search: known ? { thread: known.id } : { root: message.id },
    });
  };
  const begin = (changes: Parameters<typeof write>[1]) => {
    write(place, changes);
    focusComposer(place);
  };
  const unread = async (message: Message) => {
    holdUnread(conversation.id);
    try {
      const thread = message.thread_id ? { thread_id: message.thread_id } : {};
      writePlace(client, await chat.unread(conversation.id, { number: message.number, ...thread }));
      showToast({ message: t("Unread from here, until you open it again") });
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  const isStarred = (message: Message) =>
    client.getQueryData<{ [id: string]: boolean }>(starsKey)?.[message.id] ?? false;
  const acts: { [verb in MessageVerb]: (message: Message) => void } = {
    react: (message) => openReacting(message.id),
    reply: (message) => begin({ replyTo: message, editing: null }),
    thread: openThread,
    edit: (message) => {
      const { shown, namings } = textToShow(message.text);
      begin({ ...NOTHING, text: shown, namings, editing: message });
    },
    delete: (message) => remove(client, message, "everybody"),
    hide: (message) => remove(client, message, "me"),
    star: (message) => void star(client, message, !isStarred(message)),
    pin: (message) => pin(client, message),
    mail: (message) => mailMessage(message, nameOf(conversation)),
    forward: (message) => openChatSheet({ kind: "forward", message }),
    link: (message) => void copyLink(message),
    unread: (message) => void unread(message),
    remind: (message) => openChatSheet({ kind: "remind", message }),
    readers: (message) => openChatSheet({ kind: "readers", message }),
    revisions: (message) => openChatSheet({ kind: "revisions", message }),
    report: (message) => openChatSheet({ kind: "report", message }),
  };
  return { can, run: (verb, message) => can(verb, message) && acts[verb](message) };
}
