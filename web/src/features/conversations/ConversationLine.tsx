import { Link } from "@tanstack/react-router";
import { Archive, AtSign, BellOff, Ellipsis, Hash, Lock, MailWarning, Users } from "lucide-react";
import type { MouseEvent } from "react";
import type { Conversation } from "../../api/chat";
import { cx } from "../../lib/classes";
import { fullDate, shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { lastAt } from "../../lib/last-message";
import { useIsHere } from "../../sync/presence";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/IconButton";
import { useBlocked } from "./blocked";
import type { Listed } from "./listing";
import { isLoud, lastLine, nameOf } from "./listing";
import { drag, openLineMenu, useListView } from "./listView";
import { heldCountWords } from "./outsideWords";
import { useLongPress } from "./useLongPress";

const MOST = 99;

export type ConversationLineProps = { listed: Listed; isOpen: boolean; hasDraft: boolean; meId: string };

export function ConversationLine({ listed, isOpen, hasDraft, meId }: ConversationLineProps) {
  const { conversation, unread, mentions, isMuted } = listed;
  const { id } = conversation;
  const loud = isLoud(listed);
  const at = lastAt(conversation);
  const hasMenu = useListView((view) => view.menu?.id === id);
  const ask = (event: MouseEvent) => {
    if (!conversation.me) return;
    event.preventDefault();
    openLineMenu({ id, at: placeOf(event) });
  };
  const press = useLongPress((at) => conversation.me && openLineMenu({ id, at }));
  return (
    <>
      <Link
        to="/conversations/$conversationId"
        params={{ conversationId: id }}
        search={{}}
        data-conversation={id}
        aria-current={isOpen ? "page" : undefined}
        onContextMenu={ask}
        {...press}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = "copyMove";
          // After the browser has taken its picture of what is dragged.
          requestAnimationFrame(() => drag(conversation.me ? id : null));
        }}
        onDragEnd={() => drag(null)}
        className={cx(
          "flex h-13 items-center gap-2.5 rounded-md px-2 select-none [-webkit-touch-callout:none] focus-visible:-outline-offset-2 max-sm:h-15",
          isOpen ? "bg-selected" : "hover:bg-hover",
        )}
      >
        <Face listed={listed} />
        <span className="min-w-0 flex-1">
          <span className={cx("flex items-baseline gap-2 text-sm max-sm:text-base", loud && "font-semibold")}>
            <span dir="auto" className={cx("min-w-0 flex-1 truncate", isMuted && !loud && "text-muted")}>
              {nameOf(conversation)}
            </span>
            <time
              dateTime={at}
              title={fullDate(at)}
              className={cx(
                "shrink-0 text-xs font-normal text-muted group-focus-within/line:invisible group-hover/line:invisible pointer-coarse:visible!",
                hasMenu && "invisible",
              )}
            >
              {shortDate(at)}
            </time>
          </span>
          <span className="flex h-4.5 items-center gap-1 text-xs text-muted">
            {hasDraft && <span className="shrink-0 text-accent">{t("Draft")}</span>}
            <LastSaid conversation={conversation} meId={meId} isLoud={loud} />
            {listed.held > 0 && (
              <span title={heldCountWords(listed.held)} className="flex shrink-0 items-center gap-0.5 text-warn">
                <MailWarning size={14} aria-hidden />
                <span className="tabular font-semibold" aria-hidden>
                  {listed.held}
                </span>
                <span className="sr-only">{heldCountWords(listed.held)}</span>
              </span>
            )}
            {isMuted && <BellOff size={13} className="shrink-0" aria-label={t("Muted")} />}
            {mentions > 0 && <AtSign size={14} className="shrink-0 text-accent" aria-label={t("You are named")} />}
            <Badge unread={unread} isLoud={loud} isMarked={listed.isMarked} />
          </span>
        </span>
      </Link>
      {conversation.me && <More conversation={conversation} />}
    </>
  );
}

/** A key that asks for a menu points at nothing, so it opens below the line's beginning. */
function placeOf(event: MouseEvent): { x: number; y: number } {
  if (event.clientX > 0 || event.clientY > 0) return { x: event.clientX, y: event.clientY };
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  return { x: left + 40, y: bottom - 8 };
}

function More({ conversation }: { conversation: Conversation }) {
  const { id } = conversation;
  const isOpen = useListView((view) => view.menu?.id === id);
  return (
    <IconButton
      icon={Ellipsis}
      size="small"
      label={t("More about {name}", { name: nameOf(conversation) })}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      tabIndex={-1}
      onClick={(event) => {
        const { left, bottom } = event.currentTarget.getBoundingClientRect();
        openLineMenu({ id, at: { x: left, y: bottom } });
      }}
      className={cx(
        "absolute top-1 right-1.5 opacity-0 group-hover/line:opacity-100 group-focus-within/line:opacity-100 pointer-coarse:hidden",
        isOpen && "opacity-100",
      )}
    />
  );
}

function LastSaid({ conversation, meId, isLoud: loud }: { conversation: Conversation; meId: string; isLoud: boolean }) {
  const said = lastLine(conversation, meId, useBlocked(conversation.kind));
  return (
    <span dir="auto" className={cx("min-w-0 flex-1 truncate", loud && "text-ink")}>
      {said ? (
        <>
          {said.who && `${said.who}: `}
          {said.text}
        </>
      ) : (
        conversation.topic
      )}
    </span>
  );
}

function Badge({ unread, isLoud: loud, isMarked }: { unread: number; isLoud: boolean; isMarked: boolean }) {
  if (unread === 0 && !isMarked) return null;
  return (
    <span
      className={cx(
        "tabular grid h-4.5 min-w-4.5 shrink-0 place-items-center rounded-full px-1.5 text-xs font-semibold",
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
    return <Avatar person={person} size={32} isHere={isHere} />;
  }
  const Icon = conversation.archived_at
    ? Archive
    : conversation.kind === "group"
      ? Users
      : conversation.visibility === "private"
        ? Lock
        : Hash;
  return (
    <span aria-hidden className="grid size-8 shrink-0 place-items-center rounded-md bg-sunken text-muted">
      <Icon size={16} />
    </span>
  );
}
