import { useInfiniteQuery } from "@tanstack/react-query";
import { type Decision, decisionsQuery } from "../../api/notifications";
import { cx } from "../../lib/classes";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { ShowMore } from "../../ui/ShowMore";
import { Waiting } from "../settings/Waiting";
import { outcomeOf } from "./words";

/** Why one was told of something, or was not. */
export function WhyLog() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(decisionsQuery);
  const rows = data?.pages.flatMap((page) => page.items);
  if (!rows) return <Waiting error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {rows.length === 0 && (
        <p className="py-4 text-sm text-muted">{t("Nothing yet. It fills as mail and messages come in.")}</p>
      )}
      <ul aria-label={t("Decisions")}>
        {rows.map((one) => (
          <Line key={one.id} one={one} />
        ))}
      </ul>
      <ShowMore of={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </>
  );
}

function Line({ one }: { one: Decision }) {
  return (
    <li className="border-t border-line py-2 first:border-t-0">
      <p className="flex items-baseline gap-3 text-sm">
        <span dir="auto" className="min-w-0 flex-1 truncate font-medium">
          {one.title}
        </span>
        <span className={cx("shrink-0", one.is_told ? "text-ink" : "text-muted")}>{outcomeOf(one)}</span>
        <time dateTime={one.at} title={fullDate(one.at)} className="tabular shrink-0 text-xs text-muted">
          {longDate(one.at)}
        </time>
      </p>
      <p className="text-sm text-muted">{one.reasons.map(({ text }) => text).join(" ")}</p>
    </li>
  );
}
