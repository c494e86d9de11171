import { useQuery } from "@tanstack/react-query";
import type { SourceShape } from "../../api/generated/schema";
import { longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Chip } from "../../ui/Chip";
import { type Column, Table } from "../../ui/Table";
import { Card, Waiting } from "./parts";
import { domainReportsQuery } from "./queries";
import { failureWords, shareWords } from "./reportWords";

const SHOWN = 20;

/** What other servers have seen of a domain's mail in the last 30 days. */
export function DomainReports({ id }: { id: string }) {
  const query = useQuery(domainReportsQuery(id));
  const found = query.data;
  return (
    <Card title={t("Who sends in its name")}>
      <Waiting of={query} />
      {found && found.dmarc.reports === 0 && (
        <p className="rounded-md border border-line bg-raised px-4 py-3 text-sm text-muted">
          {t(
            "Nobody has reported yet. Large providers do once a day, to the address in the DMARC record (rua), when that record is published.",
          )}
        </p>
      )}
      {found && found.dmarc.reports > 0 && (
        <>
          <p className="mb-2 text-sm">
            {shareWords(found.dmarc)}{" "}
            {found.dmarc.last_at && (
              <span className="text-muted">{t("Until {when}.", { when: longDate(found.dmarc.last_at) })}</span>
            )}
          </p>
          <Table
            label={t("Servers that send in its name")}
            columns={COLUMNS}
            items={found.dmarc.sources.slice(0, SHOWN)}
            keyOf={(one) => one.address}
          />
        </>
      )}
      {found && found.tls.reports > 0 && (
        <div className="mt-4 text-sm">
          <p>
            {found.tls.failures === 0
              ? t("Others reached its servers safely each time.")
              : plural(
                  found.tls.failures,
                  "{n} connection of others failed the safe way.",
                  "{n} connections of others failed the safe way.",
                )}
          </p>
          <ul className="mt-1 text-muted">
            {found.tls.failing.map((one) => (
              <li key={`${one.kind} ${one.server}`} className="[overflow-wrap:anywhere]">
                {failureWords(one)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

const COLUMNS: Column<SourceShape>[] = [
  {
    id: "address",
    title: t("Server"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <span className="block truncate font-medium">{one.address}</span>
        <span className="block truncate text-xs text-muted">
          {one.signed_by ?? one.sent_by ?? t("no proof of any domain")}
        </span>
      </>
    ),
  },
  {
    id: "messages",
    title: t("Mails"),
    className: "tabular text-right whitespace-nowrap",
    cell: (one) => plural(one.messages, "{n} mail", "{n} mails"),
  },
  {
    id: "kept",
    title: t("Kept away"),
    isWide: true,
    className: "tabular text-right",
    cell: (one) => (one.kept_away > 0 ? one.kept_away : ""),
  },
  {
    id: "proved",
    title: t("Proved"),
    className: "text-right whitespace-nowrap",
    cell: (one) =>
      one.aligned === one.messages ? (
        <Chip>{t("Proved")}</Chip>
      ) : one.aligned === 0 ? (
        <Chip tone="warn">{t("Not proved")}</Chip>
      ) : (
        <Chip tone="warn">{t("Partly")}</Chip>
      ),
  },
];
