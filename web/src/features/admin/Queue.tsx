import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { WaitingShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { itemsOf } from "../../lib/pages";
import { Chip } from "../../ui/Chip";
import { Select } from "../../ui/Select";
import { type Column, Table } from "../../ui/Table";
import { Card, More, Waiting, When } from "./parts";
import { QueueBar } from "./QueueBar";
import { type QueueFilter, queueQuery } from "./queries";
import { REASONS, stateWords, type Verb } from "./queueWords";
import type { Filters } from "./useFilters";
import { useQueueAct } from "./useQueueAct";

const STATES: { value: NonNullable<QueueFilter["state"]> | ""; label: string }[] = [
  { value: "", label: t("All that waits") },
  { value: "retrying", label: t("Tried in vain") },
  { value: "queued", label: t("Not tried yet") },
  { value: "held", label: t("Held") },
];
const MOST = 200;
const FRESH_MS = 10_000;

export function Queue({ filters }: { filters: Filters }) {
  const { destination, state } = filters.search;
  const wanted = STATES.find(({ value }) => value === state)?.value ?? "";
  const query = useInfiniteQuery({
    ...queueQuery({ ...(destination ? { destination } : {}), ...(wanted ? { state: wanted } : {}) }),
    placeholderData: (before) => before,
    refetchInterval: FRESH_MS,
  });
  const items = itemsOf(query.data);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const shown = items.filter(({ id }) => chosen.has(id)).slice(0, MOST);
  const { act, isBusy } = useQueueAct();
  const put = (ids: readonly string[], isOn: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) isOn ? next.add(id) : next.delete(id);
    setChosen(next);
  };
  const run = async (verb: Verb) => {
    await act(
      verb,
      shown.map(({ id }) => id),
    );
    setChosen(new Set());
  };
  const narrow = (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      {destination && (
        <Chip removeLabel={t("Show all destinations")} onRemove={() => filters.setSearch({ destination: "" })}>
          {destination}
        </Chip>
      )}
      <Select
        aria-label={t("State")}
        value={wanted}
        options={STATES}
        onChange={(value) => filters.setSearch({ state: value })}
      />
    </span>
  );
  return (
    <Card title={t("What waits")} actions={narrow}>
      <QueueBar
        items={items}
        chosen={shown}
        isBusy={isBusy}
        onAll={(isOn) =>
          put(
            items.map(({ id }) => id),
            isOn,
          )
        }
        onAct={(verb) => void run(verb)}
      />
      <Waiting of={query} />
      {query.data && items.length === 0 && (
        <p className="rounded-md border border-line bg-raised px-4 py-6 text-center text-sm text-muted">
          {t("Nothing waits in this way.")}
        </p>
      )}
      {items.length > 0 && (
        <div className="flex flex-col">
          <Table
            label={t("Queue")}
            columns={columns(chosen, put)}
            items={items}
            keyOf={(one) => one.id}
            isBusy={query.isPlaceholderData}
          />
          <More of={query} />
        </div>
      )}
    </Card>
  );
}

type Put = (ids: readonly string[], isOn: boolean) => void;

const columns = (chosen: ReadonlySet<string>, put: Put): Column<WaitingShape>[] => [
  {
    id: "recipient",
    title: t("Recipient"),
    className: "w-full max-w-0",
    cell: (one) => (
      <label className="flex items-center gap-3">
        <input
          type="checkbox"
          checked={chosen.has(one.id)}
          onChange={(event) => put([one.id], event.target.checked)}
          className="shrink-0 accent-(--accent) after:absolute after:inset-0"
        />
        <span className="min-w-0">
          <span className="block truncate font-medium">{one.recipient}</span>
          <span className="block truncate text-xs text-muted">
            {t("from {who}", { who: one.sender || t("the server") })}
          </span>
          <span className="block truncate text-xs text-muted sm:hidden">{stateWords(one)}</span>
        </span>
      </label>
    ),
  },
  {
    id: "state",
    title: t("State"),
    isWide: true,
    className: "max-w-72 max-lg:max-w-44",
    cell: (one) => (
      <span className="block">
        <span className={one.held_by ? "text-warn" : ""}>{stateWords(one)}</span>
        {one.reason && (
          <span className="block truncate text-xs text-muted" title={one.answer ?? undefined}>
            {REASONS[one.reason]}
            {one.answer && ` · ${one.answer}`}
          </span>
        )}
      </span>
    ),
  },
  {
    id: "since",
    title: t("Since"),
    isWide: true,
    className: "text-right",
    cell: (one) => <When at={one.queued_at} />,
  },
  {
    id: "next",
    title: t("Next try"),
    className: "text-right",
    cell: (one) => <When at={one.next_attempt_at} never={t("none")} />,
  },
];
