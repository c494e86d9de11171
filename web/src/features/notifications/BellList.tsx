import { Link } from "@tanstack/react-router";
import { BellOff, CheckCheck, CloudOff, Settings } from "lucide-react";
import { messageOf } from "../../api/error";
import type { Notification } from "../../api/notifications";
import { cx } from "../../lib/classes";
import { fullDate, shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { EmptyState } from "../../ui/EmptyState";
import { IconButton } from "../../ui/IconButton";
import { placeOf } from "./place";
import { useNotifications, useReading } from "./useNotifications";

export function BellList({ onDone }: { onDone: () => void }) {
  const { data, error } = useNotifications();
  const reading = useReading();
  const open = (one: Notification) => {
    reading.open(one);
    if (placeOf(one)) onDone();
  };
  return (
    <div className="flex max-h-[min(560px,80vh)] flex-col">
      <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line pr-1.5 pl-3">
        <h2 className="flex-1 text-base font-semibold">{t("Notifications")}</h2>
        <IconButton
          icon={CheckCheck}
          label={t("Mark all as read")}
          disabled={!data || data.unread === 0}
          onClick={() => data && void reading.all(data.state)}
        />
        <Link
          to="/settings/$section"
          params={{ section: "notifications" }}
          onClick={onDone}
          aria-label={t("What you are told of")}
          className="inline-grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink"
        >
          <Settings size={16} aria-hidden />
        </Link>
      </header>
      {data && data.items.length > 0 && (
        <ul aria-label={t("Notifications")} className="min-h-0 overflow-y-auto py-1">
          {data.items.map((one) => (
            <Line key={one.id} one={one} onOpen={() => open(one)} />
          ))}
        </ul>
      )}
      {data?.items.length === 0 && (
        <EmptyState icon={BellOff} title={t("Nothing new")} text={t("New mail and messages are told here.")} />
      )}
      {!data && error && <EmptyState icon={CloudOff} title={t("The list could not be read")} text={messageOf(error)} />}
    </div>
  );
}

function Line({ one, onOpen }: { one: Notification; onOpen: () => void }) {
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full items-start gap-2.5 px-3 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span
          aria-hidden
          className={cx("mt-1.5 size-2 shrink-0 rounded-full", one.is_read ? "bg-transparent" : "bg-accent")}
        />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span dir="auto" className={cx("min-w-0 flex-1 truncate text-sm", !one.is_read && "font-semibold")}>
              {one.title}
            </span>
            <time dateTime={one.created_at} title={fullDate(one.created_at)} className="tabular text-xs text-muted">
              {shortDate(one.created_at)}
            </time>
          </span>
          {one.body && (
            <span dir="auto" className="line-clamp-2 text-sm text-muted [overflow-wrap:anywhere]">
              {one.body}
            </span>
          )}
          <span className="sr-only">{one.is_read ? "" : t("Unread")}</span>
          {one.times > 1 && <span className="text-xs text-muted">{plural(one.times, "{n} time", "{n} times")}</span>}
        </span>
      </button>
    </li>
  );
}
