import { useInfiniteQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { messageOf } from "../../api/error";
import { exportOwnLog, type LogEntry, type LogFilter, ownLogQuery } from "../../api/log";
import { actWords, doorWords } from "../../lib/acts";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { saveAs } from "../../lib/save";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { ShowMore } from "../../ui/ShowMore";
import { showToast } from "../../ui/toasts";
import { useMe } from "../settings/usePreferences";
import { Waiting } from "../settings/Waiting";
import { clientName } from "./clients";
import { FAMILIES, factWords, SPANS, startOf } from "./log";

const OUTCOMES: { value: "" | "ok" | "refused"; label: string }[] = [
  { value: "", label: t("Done or refused") },
  { value: "ok", label: t("Done") },
  { value: "refused", label: t("Refused") },
];

/** The own lines of the audit log, newest first. */
export function OwnLog() {
  const [act, setAct] = useState("");
  const [outcome, setOutcome] = useState<"" | "ok" | "refused">("");
  const [span, setSpan] = useState("");
  const filter = useMemo((): LogFilter => {
    const days = SPANS.find((one) => one.value === span)?.days ?? 0;
    return {
      ...(act ? { act } : {}),
      ...(outcome ? { outcome } : {}),
      ...(days ? { from: startOf(days, new Date()) } : {}),
    };
  }, [act, outcome, span]);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    ownLogQuery(filter),
  );
  const entries = data?.pages.flatMap((page) => page.items);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 py-3">
        <Select aria-label={t("Kind")} value={act} options={FAMILIES} onChange={setAct} />
        <Select aria-label={t("Outcome")} value={outcome} options={OUTCOMES} onChange={setOutcome} />
        <Select aria-label={t("When")} value={span} options={SPANS} onChange={setSpan} />
        <SaveButton filter={filter} />
      </div>
      {!entries && <Waiting error={error} onRetry={() => void refetch()} />}
      {entries?.length === 0 && (
        <p className="border-t border-line py-4 text-sm text-muted">{t("Nothing of that kind.")}</p>
      )}
      {entries && entries.length > 0 && (
        <ul aria-label={t("Lines of your log")}>
          {entries.map((entry) => (
            <Line key={entry.sequence} entry={entry} />
          ))}
        </ul>
      )}
      <ShowMore of={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </>
  );
}

function Line({ entry }: { entry: LogEntry }) {
  const me = useMe();
  const isOther = entry.actor_id !== null && entry.actor_id !== me?.id;
  const where = [
    isOther && entry.actor_email ? t("by {email}", { email: entry.actor_email }) : "",
    doorWords(entry.via),
    entry.client ? clientName(entry.client) : "",
    entry.ip ?? "",
    factWords(entry.facts),
  ];
  return (
    <li className="flex items-baseline gap-3 border-t border-line py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span>{actWords(entry.act)}</span>
          {entry.outcome === "refused" && (
            <span className="rounded bg-danger-soft px-1.5 text-xs font-medium text-danger">{t("Refused")}</span>
          )}
        </p>
        <p className="tabular text-sm [overflow-wrap:anywhere] text-muted">{where.filter(Boolean).join(" · ")}</p>
      </div>
      <time dateTime={entry.at} title={fullDate(entry.at)} className="shrink-0 text-sm text-muted">
        {longDate(entry.at)}
      </time>
    </li>
  );
}

function SaveButton({ filter }: { filter: LogFilter }) {
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      saveAs(await exportOwnLog(filter), "log.csv");
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
    setBusy(false);
  };
  return (
    <Button isBusy={isBusy} onClick={() => void save()} className="sm:ml-auto">
      <Download size={14} aria-hidden />
      {t("Save as CSV")}
    </Button>
  );
}
