import { useInfiniteQuery } from "@tanstack/react-query";
import { Flag } from "lucide-react";
import { useState } from "react";
import type { ChatReport } from "../../api/generated/schema";
import { plainLine } from "../../lib/chat-text";
import { t } from "../../lib/i18n";
import { Select } from "../../ui/Select";
import { type Column, ROW_LINK } from "../../ui/Table";
import { Listing } from "./Listing";
import { PageHead, When } from "./parts";
import { type ReportState, reportsQuery } from "./queries";
import { ReportDialog } from "./ReportDialog";
import { DECISIONS, REASONS } from "./reportedWords";
import { useFilters } from "./useFilters";

const STATES: { value: ReportState; label: string }[] = [
  { value: "open", label: t("Waiting") },
  { value: "removed", label: DECISIONS.removed },
  { value: "dismissed", label: DECISIONS.dismissed },
];

/** Messages that people brought before those who manage conversations. */
export function ReportsSection() {
  const filters = useFilters("reports");
  const state = STATES.find(({ value }) => value === filters.search.state)?.value ?? "open";
  const found = useInfiniteQuery({ ...reportsQuery(state), placeholderData: (before) => before });
  const [open, setOpen] = useState<ChatReport | null>(null);
  return (
    <>
      <PageHead
        title={t("Reports")}
        about={t("Each is shown as it was when it was reported, also where you are not in the conversation.")}
      >
        <Select
          aria-label={t("Which")}
          value={state}
          options={STATES}
          onChange={(value) => filters.setSearch({ state: value === "open" ? "" : value })}
          className="h-9"
        />
      </PageHead>
      <Listing
        of={found}
        label={t("Reports")}
        columns={columns(setOpen)}
        keyOf={(one) => one.id}
        empty={{
          icon: Flag,
          title: state === "open" ? t("Nothing is waiting") : t("Nothing here"),
          text: t("“Report” in the menu of a message brings it here."),
        }}
      />
      {open && <ReportDialog report={open} onClose={() => setOpen(null)} />}
    </>
  );
}

const columns = (open: (one: ChatReport) => void): Column<ChatReport>[] => [
  {
    id: "message",
    title: t("Message"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <button type="button" onClick={() => open(one)} className={`block max-w-full truncate text-left ${ROW_LINK}`}>
          <span dir="auto">{plainLine(one.text) || t("A file")}</span>
        </button>
        <span dir="auto" className="block truncate text-xs text-muted">
          {t("{author}, reported by {reporter}", {
            author: one.author.name || t("Somebody who left"),
            reporter: one.reporter.name || t("somebody who left"),
          })}
          {one.note && ` · ${one.note}`}
        </span>
      </>
    ),
  },
  {
    id: "why",
    title: t("Why"),
    isWide: true,
    className: "whitespace-nowrap",
    cell: (one) => REASONS[one.reason],
  },
  {
    id: "when",
    title: t("When"),
    className: "text-right",
    cell: (one) => <When at={one.created_at} />,
  },
];
