import { useQueryClient } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import {
  BellDot,
  Check,
  CircleAlert,
  Clock,
  EllipsisVertical,
  EyeOff,
  Flag,
  Forward,
  History,
  Link2,
  Mail,
  MessageSquareReply,
  MessagesSquare,
  Pencil,
  Pin,
  SmilePlus,
  Star,
  Trash2,
} from "lucide-react";
import { memo, useState } from "react";
import type { Message } from "../../api/chat";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import { openReacting, useChatView } from "./chatView";
import { EmojiPicker } from "./EmojiPicker";
import { QUICK } from "./emoji";
import { react } from "./messageActs";
import type { MessageVerb, MessageVerbs } from "./useMessageVerbs";

type Entry = { verb: MessageVerb; title: string; icon: LucideIcon; keys?: string; isDanger?: boolean };

const MENU: (Entry | null)[] = [
  { verb: "thread", title: t("Answer in a thread"), icon: MessagesSquare, keys: "t" },
  { verb: "edit", title: t("Edit"), icon: Pencil, keys: "e" },
  { verb: "forward", title: t("Forward"), icon: Forward, keys: "f" },
  { verb: "mail", title: t("Write a mail with it"), icon: Mail },
  { verb: "pin", title: t("Pin or unpin"), icon: Pin, keys: "p" },
  { verb: "link", title: t("Copy link"), icon: Link2, keys: "y" },
  null,
  { verb: "unread", title: t("Unread from here"), icon: BellDot, keys: "shift+u" },
  { verb: "remind", title: t("Remind me …"), icon: Clock },
  { verb: "readers", title: t("Who has read or acknowledged it"), icon: Check },
  { verb: "revisions", title: t("What it said before"), icon: History },
  null,
  { verb: "hide", title: t("Delete for me"), icon: EyeOff },
  { verb: "report", title: t("Report …"), icon: Flag },
  { verb: "delete", title: t("Delete for everybody"), icon: Trash2, keys: "#", isDanger: true },
];

type MessageBarProps = { message: Message; verbs: MessageVerbs; isStarred: boolean; meId: string };

/** Stands over the message that one points at or is on. */
export const MessageBar = memo(function MessageBar({ message, verbs, isStarred, meId }: MessageBarProps) {
  const client = useQueryClient();
  const isReacting = useChatView((view) => view.reactingId === message.id);
  const [isOpen, setOpen] = useState(false);
  const { can, run } = verbs;
  return (
    <div
      role="toolbar"
      aria-label={t("On this message")}
      className="absolute -top-4 right-3 z-10 flex items-center rounded-md border border-line bg-raised p-0.5 shadow-raised"
    >
      {can("react", message) && (
        <>
          {QUICK.slice(0, 3).map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={t("React with {emoji}", { emoji })}
              onClick={() => react(client, message, emoji, meId)}
              className="grid size-7 place-items-center rounded-md text-base hover:bg-hover max-sm:hidden"
            >
              {emoji}
            </button>
          ))}
          <EmojiPicker
            isOpen={isReacting}
            onOpenChange={(open) => openReacting(open ? message.id : null)}
            onPick={(emoji) => react(client, message, emoji, meId)}
            trigger={<IconButton icon={SmilePlus} label={t("React")} keys="+" size="small" />}
          />
        </>
      )}
      {can("reply", message) && (
        <IconButton
          icon={MessageSquareReply}
          label={t("Reply")}
          keys="r"
          size="small"
          onClick={() => run("reply", message)}
        />
      )}
      {can("thread", message) && (
        <IconButton
          icon={MessagesSquare}
          label={t("Thread")}
          keys="t"
          size="small"
          onClick={() => run("thread", message)}
        />
      )}
      {can("star", message) && (
        <IconButton
          icon={Star}
          label={isStarred ? t("Remove star") : t("Star")}
          keys="s"
          size="small"
          aria-pressed={isStarred}
          iconClassName={isStarred ? "fill-star text-star" : ""}
          onClick={() => run("star", message)}
        />
      )}
      <Menu
        label={t("More on this message")}
        align="end"
        isOpen={isOpen}
        onOpenChange={setOpen}
        onClosed={() => undefined}
        trigger={<IconButton icon={EllipsisVertical} label={t("More")} size="small" />}
      >
        {entriesFor(message, can).map((entry, index) =>
          entry === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
            <MenuLine key={index} />
          ) : (
            <MenuItem
              key={entry.verb}
              icon={entry.icon}
              keys={entry.keys}
              isDanger={entry.isDanger ?? false}
              onSelect={() => requestAnimationFrame(() => run(entry.verb, message))}
            >
              {entry.title}
            </MenuItem>
          ),
        )}
      </Menu>
    </div>
  );
});

function entriesFor(message: Message, can: MessageVerbs["can"]): (Entry | null)[] {
  const allowed = MENU.filter((entry) => entry === null || can(entry.verb, message));
  return allowed.filter(
    (entry, index) => entry !== null || (index > 0 && allowed[index - 1] !== null && index < allowed.length - 1),
  );
}

export const IMPORTANCE: { [importance: string]: { title: string; icon: LucideIcon; className: string } | undefined } =
  {
    important: { title: t("Important"), icon: CircleAlert, className: "text-warn" },
    urgent: { title: t("Urgent"), icon: CircleAlert, className: "text-danger" },
  };
