import { Link } from "@tanstack/react-router";
import { Archive, AtSign, BellOff, Hash, Lock, Users } from "lucide-react";
import { cx } from "../../lib/classes";
import { fullDate, shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { useIsHere } from "../../sync/presence";
import { Avatar } from "../../ui/Avatar";
import type { Listed } from "./listing";
import { isLoud, nameOf } from "./listing";

const MOST = 99;

export type ConversationLineProps = { listed: Listed; isOpen: boolean; hasDraft: boolean };

export function ConversationLine({ listed, isOpen, hasDraft }: ConversationLineProps) {
  const { conversation, unread, mentions, isMuted } = listed;
  const loud = isLoud(listed);
  const name = nameOf(conversation);
  return (
    <Link
      to="/conversations/$conversationId"
      params={{ conversationId: conversation.id }}
      search={{}}
      data-conversation={conversation.id}
      aria-current={isOpen ? "page" : undefined}
      className={cx(
        "flex h-11 items-center gap-2.5 rounded-md px-2 select-none focus-visible:-outline-offset-2 max-sm:h-14",
        isOpen ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <Face listed={listed} />
      <span className="min-w-0 flex-1">
        <span className={cx("flex items-baseline gap-2 text-sm max-sm:text-base", loud && "font-semibold")}>
          <span dir="auto" className={cx("min-w-0 flex-1 truncate", isMuted && !loud && "text-muted")}>
            {name}
          </span>
          <time
            dateTime={conversation.last_at}
            title={fullDate(conversation.last_at)}
            className="shrink-0 text-xs font-normal text-muted"
          >
            {shortDate(conversation.last_at)}
          </time>
        </span>
        {(conversation.topic || hasDraft) && (
          <span className="flex items-baseline gap-1 text-xs text-muted">
            {hasDraft && <span className="shrink-0 text-accent">{t("Draft")}</span>}
            <span dir="auto" className="truncate">
              {conversation.topic}
            </span>
          </span>
        )}
      </span>
      {isMuted && <BellOff size={14} className="shrink-0 text-muted" aria-label={t("Muted")} />}
      {mentions > 0 && <AtSign size={14} className="shrink-0 text-accent" aria-label={t("You are named")} />}
      <Badge unread={unread} isLoud={loud} isMarked={listed.isMarked} />
    </Link>
  );
}

function Badge({ unread, isLoud: loud, isMarked }: { unread: number; isLoud: boolean; isMarked: boolean }) {
  if (unread === 0 && !isMarked) return null;
  return (
    <span
      className={cx(
        "tabular grid h-5 min-w-5 shrink-0 place-items-center rounded-full px-1.5 text-xs font-semibold",
        loud ? "bg-accent text-on-accent" : "bg-sunken text-muted",
      )}
    >
      <span aria-hidden>{unread === 0 ? "" : unread > MOST ? `${MOST}+` : unread}</span>
      <span className="sr-only">{plural(Math.max(unread, 1), ", {n} unread", ", {n} unread")}</span>
    </span>
  );
}

function Face({ listed: { conversation } }: { listed: Listed }) {
  const isHere = useIsHere(conversation.with?.id ?? "");
  if (conversation.kind === "direct") {
    const person = { name: nameOf(conversation), email: conversation.with?.id ?? "" };
    return <Avatar person={person} size={28} isHere={isHere} />;
  }
  const Icon = conversation.archived_at
    ? Archive
    : conversation.kind === "group"
      ? Users
      : conversation.visibility === "private"
        ? Lock
        : Hash;
  return (
    <span aria-hidden className="grid size-7 shrink-0 place-items-center rounded-md bg-sunken text-muted">
      <Icon size={16} />
    </span>
  );
}
