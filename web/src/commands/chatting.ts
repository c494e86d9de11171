/** Commands in conversations. What they do is with the open timeline, which takes the verbs while it stands. */
import {
  BellDot,
  BellOff,
  Check,
  FolderInput,
  Forward,
  Link2,
  MessageSquareReply,
  MessagesSquare,
  Pencil,
  Pin,
  SmilePlus,
  Star,
  Trash2,
} from "lucide-react";
import { t } from "../lib/i18n";
import type { Command } from "./command";
import type { Here } from "./here";

export type Verb =
  | "next"
  | "previous"
  | "reply"
  | "thread"
  | "edit"
  | "delete"
  | "react"
  | "star"
  | "pin"
  | "forward"
  | "link"
  | "unread"
  | "write"
  | "back";

type Taker = (verb: Verb) => void;

let takers: Taker[] = [];

/** The last that came takes them: a thread beside the timeline, until it closes or the focus goes elsewhere. */
export function takeVerbs(take: Taker): () => void {
  takers = [...takers.filter((one) => one !== take), take];
  return () => {
    takers = takers.filter((one) => one !== take);
  };
}

export type ListVerb = "favour" | "mute" | "move" | "read";

let takeListVerb: ((verb: ListVerb) => void) | null = null;

/** The list of conversations takes these, for one of its lines. */
export function takeListVerbs(take: (verb: ListVerb) => void): () => void {
  takeListVerb = take;
  return () => {
    if (takeListVerb === take) takeListVerb = null;
  };
}

const isOpen = (here: Here) => Boolean(here.place.conversationId);
const isAmong = (here: Here) => here.place.isChat === true;

function verb(id: Verb, title: string, keys: string[], icon?: Command["icon"]): Command {
  const group = ["next", "previous", "back", "write"].includes(id) ? "move" : "chat";
  return {
    id: `message-${id}`,
    title,
    group,
    keys,
    ...(icon ? { icon } : {}),
    when: isOpen,
    run: () => takers.at(-1)?.(id),
  };
}

function listVerb(id: ListVerb, title: string, keys: string[], icon: Command["icon"]): Command {
  return {
    id: `conversation-${id}`,
    title,
    group: "chat",
    keys,
    ...(icon ? { icon } : {}),
    when: isAmong,
    run: () => takeListVerb?.(id),
  };
}

export const chattingCommands: Command[] = [
  verb("next", t("Next message"), ["j"]),
  verb("previous", t("Previous message"), ["k"]),
  verb("reply", t("Reply, quoting the message"), ["r"], MessageSquareReply),
  verb("thread", t("Answer in a thread"), ["t"], MessagesSquare),
  verb("react", t("React to the message"), ["+"], SmilePlus),
  verb("edit", t("Edit the message"), ["e"], Pencil),
  verb("delete", t("Delete the message"), ["#", "delete"], Trash2),
  verb("star", t("Star the message"), ["s"], Star),
  verb("pin", t("Pin the message"), ["p"], Pin),
  verb("forward", t("Forward the message"), ["f"], Forward),
  verb("link", t("Copy a link to the message"), ["y"], Link2),
  verb("unread", t("Unread from this message"), ["shift+u"], BellDot),
  verb("write", t("Write a message"), ["m", "enter", "escape"]),
  verb("back", t("Back to the conversations"), ["u"]),
  listVerb("favour", t("Favourite, or no more"), ["shift+s"], Star),
  listVerb("mute", t("Mute the conversation, or hear of it again"), ["shift+m"], BellOff),
  listVerb("move", t("Move the conversation to a folder"), ["v"], FolderInput),
  listVerb("read", t("Mark the conversation as read"), ["shift+i"], Check),
  {
    id: "next-unread",
    title: t("Next unread conversation"),
    group: "move",
    keys: ["shift+arrowdown"],
    when: isAmong,
    run: (here) => here.openNextUnread?.(),
  },
  {
    id: "go-conversations",
    title: t("Go to Conversations"),
    group: "move",
    keys: ["g c"],
    icon: MessagesSquare,
    run: (here) => here.openConversations?.(),
  },
  {
    id: "new-conversation",
    title: t("New conversation"),
    group: "write",
    keys: [],
    icon: MessagesSquare,
    run: (here) => here.openConversations?.("new"),
  },
];
