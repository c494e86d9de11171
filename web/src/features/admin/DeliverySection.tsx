import { useQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import type { DestinationShape } from "../../api/generated/schema";
import { plural, t } from "../../lib/i18n";
import { EmptyState } from "../../ui/EmptyState";
import { type Column, ROW_LINK, Table } from "../../ui/Table";
import { Card, PageHead, Waiting, When } from "./parts";
import { Queue } from "./Queue";
import { destinationsQuery } from "./queries";
import { REASONS } from "./queueWords";
import { SendingLimits } from "./SendingLimits";
import { Stops } from "./Stops";
import { useFilters } from "./useFilters";

const FRESH_MS = 10_000;

export function DeliverySection() {
  const filters = useFilters("delivery");
  const destinations = useQuery({ ...destinationsQuery, refetchInterval: FRESH_MS });
  const { destination } = filters.search;
  return (
    <>
      <PageHead
        title={t("Delivery")}
        about={t("Mail that has not left yet, why, and when it is tried next; and how much may be sent.")}
      />
      <Stops />
      <Waiting of={destinations} />
      {destinations.data?.length === 0 && (
        <div className="mb-7 h-56 rounded-md border border-line">
          <EmptyState
            icon={Send}
            title={t("Nothing waits")}
            text={t("Mail that cannot be delivered at once is here until it is.")}
          />
        </div>
      )}
      {destinations.data && destinations.data.length > 0 && (
        <>
          <Card title={t("Where to")}>
            <Table
              label={t("Destinations")}
              columns={columns((domain) => filters.setSearch({ destination: domain }))}
              items={destinations.data}
              keyOf={(one) => one.destination}
            />
          </Card>
          <Queue key={destination} filters={filters} />
        </>
      )}
      <SendingLimits />
    </>
  );
}

const columns = (open: (domain: string) => void): Column<DestinationShape>[] => [
  {
    id: "destination",
    title: t("Destination"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <button type="button" className={`${ROW_LINK} block max-w-full truncate`} onClick={() => open(one.destination)}>
          {one.destination}
        </button>
        <span className="block truncate text-xs text-muted" title={one.answer ?? undefined}>
          {one.reason ? REASONS[one.reason] : t("Not tried yet")}
          {one.answer && ` · ${one.answer}`}
        </span>
      </>
    ),
  },
  {
    id: "waiting",
    title: t("Waiting"),
    className: "tabular text-right whitespace-nowrap",
    cell: (one) => (
      <>
        {plural(one.waiting, "{n} mail", "{n} mails")}
        {one.held > 0 && <span className="block text-xs text-muted">{plural(one.held, "{n} held", "{n} held")}</span>}
      </>
    ),
  },
  {
    id: "oldest",
    title: t("Oldest"),
    isWide: true,
    className: "text-right",
    cell: (one) => <When at={one.oldest_at} />,
  },
  {
    id: "next",
    title: t("Next try"),
    isWide: true,
    className: "text-right",
    cell: (one) => <When at={one.next_attempt_at} never={t("none")} />,
  },
];
