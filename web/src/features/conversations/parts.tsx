/** Small things between messages. */
import { fullDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Skeleton } from "../../ui/Skeleton";

const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const DAY_MS = 86_400_000;

export function dayWords(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const start = (one: Date) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
  const days = Math.round((start(now) - start(date)) / DAY_MS);
  if (days === 0) return t("Today");
  if (days === 1) return t("Yesterday");
  return (date.getFullYear() === now.getFullYear() ? day : dayOfYear).format(date);
}

export function DayLine({ date }: { date: string }) {
  return (
    <div className="flex items-center gap-3 px-4 pt-4 pb-1">
      <span className="h-px flex-1 bg-line" />
      <h3 className="text-xs font-medium text-muted" title={fullDate(date)}>
        {dayWords(date)}
      </h3>
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}

export function NewLine() {
  return (
    <div data-key="new" className="flex items-center gap-3 px-4 pt-2">
      <span className="h-px flex-1 bg-accent" />
      <h3 className="text-xs font-semibold text-accent">{t("New")}</h3>
    </div>
  );
}

const MANY = Array.from({ length: 7 }, (_, index) => index);

export function TimelineSkeleton() {
  return (
    <div aria-busy className="flex min-h-0 flex-1 flex-col justify-end gap-5 overflow-hidden p-4">
      <span className="sr-only">{t("Loading")}</span>
      {MANY.map((index) => (
        <div key={index} className="flex gap-3">
          <Skeleton className="size-9 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-28" />
            <Skeleton className="h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  );
}
