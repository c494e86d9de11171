import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { AtSign, CloudOff, FileText, Send, Spool, Star } from "lucide-react";
import type { ReactNode } from "react";
import type { Conversation, Has, Message, Scheduled } from "../../api/chat";
import {
  chatKeys,
  conversationsQuery,
  draftsQuery,
  foundQuery,
  scheduledQuery,
  unreadThreadsQuery,
} from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { plainLine } from "../../lib/chat-text";
import { cx } from "../../lib/classes";
import { fullDate, longDate, shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { showToast } from "../../ui/toasts";
import { nameOf } from "./listing";
import { PageFrame } from "./PageFrame";
import { Reminders } from "./Reminders";
import type { ConversationSearch } from "./search";

/** Lists over all conversations, each at an address of its own. */
export function View({ id }: { id: string }) {
  if (id === "threads") return <Threads />;
  if (id === "mentions")
    return (
      <Found has="mention" title={t("Mentions")} icon={AtSign} text={t("Where you are named, it will be here.")} />
    );
  if (id === "starred")
    return (
      <Found has="star" title={t("Starred")} icon={Star} text={t("Press s on a message, and it waits for you here.")} />
    );
  if (id === "drafts") return <Drafts />;
  if (id === "reminders") return <Reminders />;
  return <ScheduledList />;
}

export function useNameOf(): (id: string) => string {
  const all = useQuery(conversationsQuery).data;
  return (id) => nameOf(all?.find((one: Conversation) => one.id === id)) || t("A conversation");
}

type LineProps = {
  id: string;
  search: ConversationSearch;
  head: string;
  text: string;
  at: string;
  /** In place of the date. */
  mark?: string;
  isLoud?: boolean;
  children?: ReactNode;
};

export function Line({ id, search, head, text, at, mark, isLoud = false, children }: LineProps) {
  return (
    <li className="flex items-center gap-2 border-b border-line/60 pr-4">
      <Link
        to="/conversations/$conversationId"
        params={{ conversationId: id }}
        search={search}
        className="min-w-0 flex-1 px-4 py-2.5 hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="flex items-baseline gap-2">
          <span dir="auto" className="min-w-0 flex-1 truncate text-xs text-muted">
            {head}
          </span>
          <time
            dateTime={at}
            title={fullDate(at)}
            className={cx("shrink-0 text-xs", isLoud ? "font-semibold text-accent" : "text-muted")}
          >
            {mark ?? shortDate(at)}
          </time>
        </span>
        <span dir="auto" className="block truncate text-sm">
          {text}
        </span>
      </Link>
      {children}
    </li>
  );
}

type StatesProps = {
  query: { isPending: boolean; error: unknown; refetch: () => unknown };
  isEmpty: boolean;
  icon: LucideIcon;
  title: string;
  text: string;
  children: ReactNode;
};

export function States({ query, isEmpty, icon, title, text, children }: StatesProps) {
  if (query.isPending) return <p className="p-4 text-sm text-muted">{t("Loading")}</p>;
  if (query.error)
    return (
      <EmptyState icon={CloudOff} title={t("This list could not be read")} text={messageOf(query.error)}>
        <Button onClick={() => void query.refetch()}>{t("Try again")}</Button>
      </EmptyState>
    );
  if (isEmpty) return <EmptyState icon={icon} title={title} text={text} />;
  return <ul className="flex flex-col">{children}</ul>;
}

function Threads() {
  const query = useQuery(unreadThreadsQuery);
  const nameOfOne = useNameOf();
  const all = query.data ?? [];
  return (
    <PageFrame title={t("Threads")} text={t("with something unread")}>
      <States
        query={query}
        isEmpty={all.length === 0}
        icon={Spool}
        title={t("No unread threads")}
        text={t("Threads that you follow will be here when somebody answers.")}
      >
        {all.map((one) => (
          <Line
            key={one.id}
            id={one.conversation_id}
            search={{ thread: one.id }}
            head={nameOfOne(one.conversation_id)}
            text={`${one.title || t("Thread")} · ${plural(one.unread, "{n} unread answer", "{n} unread answers")}`}
            at={one.last_at}
          />
        ))}
      </States>
    </PageFrame>
  );
}

const placeOf = (message: Message): ConversationSearch =>
  message.thread_id ? { thread: message.thread_id, at: message.number } : { at: message.number };

function Found({ has, title, icon, text }: { has: Has; title: string; icon: LucideIcon; text: string }) {
  const query = useQuery({ ...foundQuery(has), staleTime: 0 });
  const nameOfOne = useNameOf();
  const all = query.data ?? [];
  return (
    <PageFrame title={title}>
      <States query={query} isEmpty={all.length === 0} icon={icon} title={t("Nothing here yet")} text={text}>
        {all.map((one) => (
          <Line
            key={one.id}
            id={one.conversation_id}
            search={placeOf(one)}
            head={`${nameOfOne(one.conversation_id)} · ${one.author.name}`}
            text={plainLine(one.text) || one.attachments.map((file) => file.filename).join(", ")}
            at={one.created_at}
          />
        ))}
      </States>
    </PageFrame>
  );
}

const textOf = (content: { [name: string]: unknown } | null) =>
  typeof content?.text === "string" ? plainLine(content.text) : "";

function Drafts() {
  const query = useQuery(draftsQuery);
  const nameOfOne = useNameOf();
  const all = query.data ?? [];
  return (
    <PageFrame title={t("Drafts")}>
      <States
        query={query}
        isEmpty={all.length === 0}
        icon={FileText}
        title={t("No drafts")}
        text={t("What you have begun to write waits here, on all your devices.")}
      >
        {all.map((one) => (
          <Line
            key={`${one.conversation_id} ${one.thread_id}`}
            id={one.conversation_id}
            search={one.thread_id ? { thread: one.thread_id } : {}}
            head={nameOfOne(one.conversation_id)}
            text={textOf(one.content)}
            at={one.changed_at}
          />
        ))}
      </States>
    </PageFrame>
  );
}

function ScheduledList() {
  const client = useQueryClient();
  const query = useQuery(scheduledQuery);
  const nameOfOne = useNameOf();
  const all = query.data ?? [];
  const cancel = async (one: Scheduled) => {
    const take = (some: Scheduled[] | undefined) => some?.filter((other) => other.id !== one.id);
    try {
      await chat.cancelScheduled(one.id);
      client.setQueryData<Scheduled[]>(chatKeys.scheduled, take);
    } catch (error) {
      showToast({ kind: "problem", message: messageOf(error) });
    }
  };
  return (
    <PageFrame title={t("Scheduled")}>
      <States
        query={query}
        isEmpty={all.length === 0}
        icon={Send}
        title={t("Nothing waits to be sent")}
        text={t("Beside Send you choose when a message goes.")}
      >
        {all.map((one) => (
          <Line
            key={one.id}
            id={one.conversation_id}
            search={{}}
            head={`${nameOfOne(one.conversation_id)} · ${one.state === "failed" ? t("could not be sent") : longDate(one.send_at)}`}
            text={textOf(one.content)}
            at={one.send_at}
          >
            <Button size="small" onClick={() => void cancel(one)}>
              {t("Take back")}
            </Button>
          </Line>
        ))}
      </States>
    </PageFrame>
  );
}
