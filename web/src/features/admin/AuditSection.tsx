import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, ScrollText } from "lucide-react";
import { useState } from "react";
import { requestResponse } from "../../api/client";
import { messageOf } from "../../api/error";
import type { Entry } from "../../api/generated/schema";
import { actWords, doorWords } from "../../lib/acts";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { saveAs } from "../../lib/save";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Menu, MenuItem } from "../../ui/Menu";
import { type Column, ROW_LINK } from "../../ui/Table";
import { showToast } from "../../ui/toasts";
import { AuditEntry } from "./AuditEntry";
import { AuditFilters } from "./AuditFilters";
import { factsOf, momentOf } from "./auditWords";
import { Listing } from "./Listing";
import { PageHead } from "./parts";
import { type AuditFilter, auditQuery } from "./queries";
import type { OrganisationSearch } from "./search";
import { useFilters } from "./useFilters";

export function AuditSection() {
  const filters = useFilters("audit");
  const wanted = filterOf(filters.search);
  const log = useInfiniteQuery({ ...auditQuery(wanted), placeholderData: (before) => before });
  const [open, setOpen] = useState<Entry | null>(null);
  return (
    <>
      <PageHead
        title={t("Log")}
        about={t("What was done through every door, the newest first. Lines can neither be changed nor taken out.")}
      >
        <Export wanted={wanted} />
      </PageHead>
      <AuditFilters filters={filters} />
      <Listing
        of={log}
        label={t("Log")}
        columns={columns(setOpen)}
        keyOf={(one) => one.sequence}
        empty={{ icon: ScrollText, title: t("No line fits"), text: t("Try fewer filters, or other days.") }}
      />
      {open && <AuditEntry entry={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function filterOf(search: OrganisationSearch): AuditFilter {
  const { act, actor, via, ip, outcome } = search;
  const from = search.from && momentOf(search.from);
  const to = search.to && momentOf(search.to, 1);
  return {
    ...(act ? { act } : {}),
    ...(actor ? { actor } : {}),
    ...(via ? { via } : {}),
    ...(ip ? { ip } : {}),
    ...(outcome === "ok" || outcome === "refused" ? { outcome } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

const columns = (open: (entry: Entry) => void): Column<Entry>[] => [
  {
    id: "act",
    title: t("Act"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <button type="button" className={`${ROW_LINK} block max-w-full text-left`} onClick={() => open(one)}>
          <span className="block truncate">{actWords(one.act)}</span>
        </button>
        <span className="block truncate text-muted">
          <span className="sm:hidden">
            {one.actor_email ?? t("nobody known")} · {longDate(one.at)}
          </span>
          <span className="max-sm:hidden">{factsOf(one)}</span>
        </span>
      </>
    ),
  },
  {
    id: "outcome",
    title: t("Outcome"),
    isTitleHidden: true,
    cell: (one) => (one.outcome === "refused" ? <Chip tone="danger">{t("Refused")}</Chip> : null),
  },
  {
    id: "who",
    title: t("Who"),
    isWide: true,
    className: "max-w-44 truncate",
    cell: (one) =>
      one.actor_email ? <span title={one.actor_email}>{one.actor_email}</span> : <span className="text-muted">–</span>,
  },
  {
    id: "door",
    title: t("Door"),
    isWide: true,
    className: "whitespace-nowrap max-lg:hidden",
    cell: (one) => (
      <>
        <span className="block">{doorWords(one.via)}</span>
        <span className="tabular block text-muted">{one.ip}</span>
      </>
    ),
  },
  {
    id: "at",
    title: t("When"),
    isWide: true,
    className: "tabular text-right whitespace-nowrap",
    cell: (one) => (
      <time dateTime={one.at} title={fullDate(one.at)}>
        {longDate(one.at)}
      </time>
    ),
  },
];

/** The whole of what is filtered, as a file. That somebody exports stands in the log too. */
function Export({ wanted }: { wanted: AuditFilter }) {
  const [isBusy, setBusy] = useState(false);
  const save = async (format: "csv" | "jsonl") => {
    setBusy(true);
    try {
      const response = await requestResponse("GET", "/audit/export/", { query: { ...wanted, format } });
      saveAs(await response.blob(), `log.${format}`);
    } catch (error) {
      showToast({ message: t("Not exported. {why}", { why: messageOf(error) }), kind: "problem" });
    }
    setBusy(false);
  };
  return (
    <Menu
      align="end"
      label={t("Export")}
      trigger={
        <Button isBusy={isBusy}>
          <Download size={16} aria-hidden />
          {t("Export")}
        </Button>
      }
    >
      <MenuItem onSelect={() => void save("csv")}>{t("As a table (CSV)")}</MenuItem>
      <MenuItem onSelect={() => void save("jsonl")}>{t("As JSON lines")}</MenuItem>
    </Menu>
  );
}
