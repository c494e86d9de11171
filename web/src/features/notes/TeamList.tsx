import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { CheckCheck, CloudOff, Menu as MenuIcon, Settings2 } from "lucide-react";
import { Suspense, useState } from "react";
import { messageOf } from "../../api/error";
import type { AssignedThread, WorkView } from "../../api/notes";
import { assignedQuery } from "../../api/notes";
import { cx } from "../../lib/classes";
import { fullDate, shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { peopleLine } from "../../lib/people";
import { emptyWords, VIEWS } from "../../lib/work";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { EmptyState } from "../../ui/EmptyState";
import { IconButton } from "../../ui/IconButton";
import { Select } from "../../ui/Select";
import { ListSkeleton } from "../mail-list/states";
import { openDrawer } from "../shell/drawer";
import { ownAddressesOf, useMe } from "../shell/useMail";

const DeskDialog = onDemand(async () => (await import("./DeskDialog")).DeskDialog);
const ROW_HEIGHT = 60;

type TeamListProps = { view: WorkView; accountId: string | null; openId: string | null };

export function TeamList({ view, accountId, openId }: TeamListProps) {
  const me = useMe();
  const { data, error, refetch } = useQuery(assignedQuery(view, accountId));
  const own = ownAddressesOf(me);
  return (
    <section aria-label={t("Team")} className="flex h-full min-h-0 flex-col">
      <Head view={view} accountId={accountId} />
      {error && !data ? (
        <EmptyState icon={CloudOff} title={t("This list could not be read")} text={messageOf(error)}>
          <Button onClick={() => void refetch()}>{t("Try again")}</Button>
        </EmptyState>
      ) : !data ? (
        <ListSkeleton rowHeight={ROW_HEIGHT} />
      ) : data.items.length === 0 ? (
        <EmptyState icon={CheckCheck} title={t("Nothing here")} text={emptyWords(view)} />
      ) : (
        <ul className="min-h-0 flex-1 overflow-y-auto">
          {data.items.map((one) => (
            <Row key={one.thread.id} one={one} own={own} isOpen={one.thread.id === openId} {...{ view, accountId }} />
          ))}
          {data.hasMore && <li className="p-3 text-center text-xs text-muted">{t("There are more than these.")}</li>}
        </ul>
      )}
    </section>
  );
}

function Head({ view, accountId }: { view: WorkView; accountId: string | null }) {
  const navigate = useNavigate();
  const accounts = useMe()?.accounts ?? [];
  const [isChanging, setChanging] = useState(false);
  const shown = accounts.find((one) => (accountId ? one.id === accountId : one.is_own && view !== "mine"));
  const desk = shown && (shown.is_own || shown.right === "admin") ? shown : null;
  const options = accounts.map((one) => ({ value: one.id, label: one.is_own ? one.email : one.name || one.email }));
  return (
    <header className="shrink-0 border-b border-line px-3 py-2">
      <div className="flex min-h-9 items-center gap-2">
        <IconButton
          icon={MenuIcon}
          label={t("Mailboxes")}
          size="large"
          className="-ml-2 sm:hidden"
          onClick={openDrawer}
        />
        <h2 className="font-semibold max-sm:text-lg">{t("Team")}</h2>
        <Select
          aria-label={t("Mailbox")}
          value={accountId ?? ""}
          options={[{ value: "", label: view === "mine" ? t("All mailboxes") : t("My own mailbox") }, ...options]}
          onChange={(id) => void navigate({ to: "/team/$view", params: { view }, search: id ? { account: id } : {} })}
          className="ml-auto min-w-0"
        />
        {desk && (
          <IconButton icon={Settings2} label={t("How this mailbox is worked on")} onClick={() => setChanging(true)} />
        )}
      </div>
      {isChanging && desk && (
        <Suspense fallback={null}>
          <DeskDialog accountId={desk.id} onClose={() => setChanging(false)} />
        </Suspense>
      )}
      <nav aria-label={t("Which threads")} className="mt-1 flex gap-1 overflow-x-auto">
        {VIEWS.map((one) => (
          <Link
            key={one.view}
            to="/team/$view"
            params={{ view: one.view }}
            search={accountId ? { account: accountId } : {}}
            aria-current={one.view === view ? "page" : undefined}
            className={cx(
              "flex h-7 shrink-0 items-center rounded-full border px-2.5 text-xs max-sm:h-9",
              one.view === view
                ? "border-accent bg-accent-soft font-medium text-ink"
                : "border-line text-muted hover:bg-hover hover:text-ink",
            )}
          >
            {one.name}
          </Link>
        ))}
      </nav>
    </header>
  );
}

type RowProps = {
  one: AssignedThread;
  own: ReadonlySet<string>;
  isOpen: boolean;
  view: WorkView;
  accountId: string | null;
};

function Row({ one: { thread, assignment }, own, isOpen, view, accountId }: RowProps) {
  const isUnread = thread.unread_count > 0;
  return (
    <li>
      <Link
        to="/team/$view/$sharedThreadId"
        params={{ view, sharedThreadId: thread.id }}
        search={accountId ? { account: accountId } : {}}
        aria-current={isOpen ? "true" : undefined}
        className={cx(
          "flex min-h-15 flex-col justify-center gap-0.5 border-b border-line px-4 py-1.5 text-sm focus-visible:-outline-offset-2",
          isOpen ? "bg-selected" : "hover:bg-hover",
        )}
      >
        <span className="flex items-baseline gap-2">
          <span className={cx("min-w-0 flex-1 truncate", isUnread && "font-semibold")}>
            {peopleLine(thread.senders, { own, me: t("me") })}
          </span>
          {assignment.status === "pending" && <Chip tone="warn">{t("Waiting")}</Chip>}
          {assignment.assignee && <Chip tone="accent">{assignment.assignee.name}</Chip>}
          <time dateTime={thread.last_at} title={fullDate(thread.last_at)} className="shrink-0 text-xs text-muted">
            {shortDate(thread.last_at)}
          </time>
        </span>
        <span className="flex min-w-0 gap-2">
          <span dir="auto" className={cx("shrink-0 truncate max-w-[60%]", isUnread && "font-semibold")}>
            {thread.subject || t("(no subject)")}
          </span>
          <span dir="auto" className="truncate text-muted">
            {thread.preview}
          </span>
        </span>
      </Link>
    </li>
  );
}
