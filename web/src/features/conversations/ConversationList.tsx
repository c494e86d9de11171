import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { AtSign, Clock, CloudOff, FileText, MessagesSquare, Plus, Search, Send, Spool, Star } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Suspense, useMemo, useRef, useState } from "react";
import { draftsQuery, remindersQuery, unreadThreadsQuery } from "../../api/chat";
import { messageOf } from "../../api/error";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { usePeopleShown } from "../../sync/presence";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { IconButton } from "../../ui/IconButton";
import { Skeleton } from "../../ui/Skeleton";
import { SyncNote } from "../shell/SyncSign";
import type { Listed } from "./listing";
import { fitting } from "./listing";
import { useListView } from "./listView";
import type { LinesProps } from "./Sections";
import { Line, Sections } from "./Sections";
import { useListed, useMeId } from "./useConversations";
import { useListKeys } from "./useListKeys";

const LineMenu = onDemand(async () => (await import("./LineMenu")).LineMenu);
const FolderSheets = onDemand(async () => (await import("./FolderSheets")).FolderSheets);

/** Beside the conversations: lists over all of them. */
export const VIEWS: { id: string; title: string; icon: LucideIcon }[] = [
  { id: "threads", title: t("Threads"), icon: Spool },
  { id: "mentions", title: t("Mentions"), icon: AtSign },
  { id: "starred", title: t("Starred"), icon: Star },
  { id: "reminders", title: t("Reminders"), icon: Clock },
  { id: "drafts", title: t("Drafts"), icon: FileText },
  { id: "scheduled", title: t("Scheduled"), icon: Send },
];

const MOST_WATCHED = 60;
const toOpen = (id: string) =>
  ({ to: "/conversations/$conversationId", params: { conversationId: id }, search: {} }) as const;

export function ConversationList({ openId }: { openId: string | null }) {
  const { all, isReady, error, retry } = useListed();
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const list = useRef<HTMLDivElement>(null);
  const drafts = useQuery(draftsQuery).data;
  const hasDraft = useMemo(() => new Set(drafts?.map((one) => one.conversation_id)), [drafts]);
  const others = all.flatMap((one) => one.conversation.with?.id ?? []).slice(0, MOST_WATCHED);
  usePeopleShown(others);
  const lines = { openId, hasDraft, meId: useMeId() };
  const hasMenu = useListView((view) => view.menu !== null);
  const hasSheet = useListView((view) => view.movingId !== null || view.renaming !== null);
  useListKeys(all, openId);
  const found = fitting(all, typed);
  const first = found[0]?.conversation;
  const key = (event: KeyboardEvent) => {
    if (event.key === "Enter" && first && typed) void navigate(toOpen(first.id));
    else if (event.key === "Escape" && typed) setTyped("");
    else if (event.key === "ArrowDown") list.current?.querySelector<HTMLElement>("[data-conversation]")?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section aria-label={t("Conversations")} className="flex h-full min-h-0 flex-col">
      <header className="shrink-0 border-b border-line px-3 pb-2">
        <div className="flex h-13 items-center gap-1">
          <h2 className="min-w-0 flex-1 truncate font-semibold max-sm:text-lg">{t("Conversations")}</h2>
          <span className="sm:hidden">
            <SyncNote />
          </span>
          <IconButton icon={Plus} label={t("New conversation")} onClick={() => void navigate(toOpen("new"))} />
        </div>
        <label className="flex h-8 items-center gap-2 rounded-md border border-line bg-raised px-2 text-sm focus-within:border-accent">
          <Search size={16} aria-hidden className="text-muted" />
          <input
            type="search"
            aria-label={t("Find a conversation")}
            placeholder={t("Find a conversation")}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={key}
            className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-muted"
          />
        </label>
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows go between the links inside */}
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto p-1.5" onKeyDown={walk}>
        {typed === "" && <Views openId={openId} />}
        {!isReady && !error && <ListSkeleton />}
        {!isReady && error !== null && (
          <EmptyState icon={CloudOff} title={t("Your conversations could not be read")} text={messageOf(error)}>
            <Button onClick={retry}>{t("Try again")}</Button>
          </EmptyState>
        )}
        {isReady && all.length === 0 && <NoConversations />}
        {typed !== "" ? <Found some={found} {...lines} /> : <Sections all={all} {...lines} />}
      </div>
      <Suspense fallback={null}>
        {hasMenu && <LineMenu all={all} />}
        {hasSheet && <FolderSheets all={all} />}
      </Suspense>
    </section>
  );
}

/** Up and down go from line to line. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0 || event.shiftKey) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("a, [aria-expanded]:not([aria-haspopup])")];
  const next = links[links.indexOf(document.activeElement as HTMLElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Views({ openId }: { openId: string | null }) {
  const counts: { [id: string]: number } = {
    threads: useQuery(unreadThreadsQuery).data?.length ?? 0,
    reminders: useQuery(remindersQuery).data?.filter((one) => one.state === "due").length ?? 0,
  };
  return (
    <ul aria-label={t("Over all conversations")} className="mb-2 flex flex-wrap gap-1 px-0.5">
      {VIEWS.map(({ id, title, icon: Icon }) => (
        <li key={id}>
          <Link
            {...toOpen(id)}
            aria-current={openId === id ? "page" : undefined}
            className={cx(
              "flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium focus-visible:-outline-offset-2 max-sm:h-9",
              openId === id ? "bg-selected text-ink" : "text-muted hover:bg-hover hover:text-ink",
            )}
          >
            <Icon size={14} aria-hidden />
            {title}
            {(counts[id] ?? 0) > 0 && (
              <span className="tabular font-semibold text-accent">
                {counts[id]}
                <span className="sr-only"> {id === "threads" ? t("unread") : t("due")}</span>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** What fits the words that are typed, the best first. */
function Found({ some, ...rest }: LinesProps & { some: readonly Listed[] }) {
  if (some.length === 0) return <p className="px-2 py-3 text-sm text-muted">{t("No conversation of that name.")}</p>;
  return (
    <ul aria-label={t("Found")} className="flex flex-col gap-px">
      {some.map((one) => (
        <li key={one.conversation.id} className="group/line relative">
          <Line listed={one} {...rest} />
        </li>
      ))}
    </ul>
  );
}

const MANY = Array.from({ length: 9 }, (_, index) => index);

function ListSkeleton() {
  return (
    <div aria-busy>
      <span className="sr-only">{t("Loading")}</span>
      {MANY.map((index) => (
        <div key={index} className="flex h-13 items-center gap-2.5 px-2">
          <Skeleton className="size-8" />
          <Skeleton className="h-3 flex-1" />
        </div>
      ))}
    </div>
  );
}

function NoConversations() {
  const navigate = useNavigate();
  return (
    <EmptyState
      icon={MessagesSquare}
      title={t("No conversations yet")}
      text={t("Write to a colleague, open a group, or join a channel: it will be here.")}
    >
      <Button kind="primary" onClick={() => void navigate(toOpen("new"))}>
        {t("New conversation")}
      </Button>
      <Button onClick={() => void navigate(toOpen("channels"))}>{t("Browse channels")}</Button>
    </EmptyState>
  );
}
