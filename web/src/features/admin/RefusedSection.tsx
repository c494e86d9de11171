import { useInfiniteQuery } from "@tanstack/react-query";
import { ShieldBan } from "lucide-react";
import { useState } from "react";
import type { Refusal } from "../../api/generated/schema";
import { fullDate, longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Chip } from "../../ui/Chip";
import { SearchField } from "../../ui/SearchField";
import { type Column, ROW_LINK } from "../../ui/Table";
import { FactsDialog } from "./FactsDialog";
import { Listing } from "./Listing";
import { PageHead } from "./parts";
import { refusalsQuery } from "./queries";
import { isForNow, remedyWords, whyWords } from "./refusalWords";
import { useFilters, useTypedFilter } from "./useFilters";

/** Where "it never came" has an answer. */
export function RefusedSection() {
  const filters = useFilters("refused");
  const { q } = filters.search;
  const [typed, setTyped] = useTypedFilter(filters, "q");
  const refused = useInfiniteQuery({ ...refusalsQuery(q ? { q } : {}), placeholderData: (before) => before });
  const [open, setOpen] = useState<Refusal | null>(null);
  return (
    <>
      <PageHead
        title={t("Refused mail")}
        about={t(
          "Mail for your domains that was turned away in the last 30 days; its sender was told. What was taken for junk or forged lies in Junk of whom it was for, unless the server throws it away.",
        )}
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label={t("Find by sender, recipient or server")} value={typed} onChange={setTyped} />
      </div>
      <Listing
        of={refused}
        label={t("Refused mail")}
        columns={columns(setOpen)}
        keyOf={(one) => one.id}
        empty={{
          icon: ShieldBan,
          title: q ? t("Nothing fits") : t("Nothing was refused"),
          text: q ? t("Try a part of the address.") : t("What your server turns away is listed here, with the reason."),
        }}
      />
      {open && <RefusalDialog refusal={open} onClose={() => setOpen(null)} />}
    </>
  );
}

const columns = (open: (refusal: Refusal) => void): Column<Refusal>[] => [
  {
    id: "recipient",
    title: t("To"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <button type="button" className={`${ROW_LINK} block max-w-full text-left`} onClick={() => open(one)}>
          <span className="block truncate">{one.recipient}</span>
        </button>
        <span className="block truncate text-muted">{t("from {sender}", { sender: senderOf(one) })}</span>
        <span className="block truncate text-muted sm:hidden">
          {[whyWords(one), one.times > 1 && timesOf(one), longDate(one.at)].filter(Boolean).join(" · ")}
        </span>
      </>
    ),
  },
  {
    id: "why",
    title: t("Why"),
    isWide: true,
    className: "whitespace-nowrap",
    cell: (one) => (
      <span className="flex items-center gap-2">
        {whyWords(one)}
        {one.times > 1 && <Chip>{timesOf(one)}</Chip>}
        {isForNow(one.code) && <Chip>{t("For now")}</Chip>}
      </span>
    ),
  },
  {
    id: "peer",
    title: t("Server"),
    isWide: true,
    className: "max-w-52 max-lg:hidden",
    cell: (one) => (
      <>
        <span className="block truncate" title={one.helo}>
          {one.helo}
        </span>
        <span className="tabular block text-muted">{one.peer}</span>
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

const timesOf = (one: Refusal) => plural(one.times, "{n} time", "{n} times");
const senderOf = (one: Refusal) => one.sender || t("a mail server's report");

function RefusalDialog({ refusal, onClose }: { refusal: Refusal; onClose: () => void }) {
  return (
    <FactsDialog
      title={whyWords(refusal)}
      about={remedyWords(refusal)}
      facts={[
        [t("To"), refusal.recipient],
        [t("From"), senderOf(refusal)],
        [t("When"), fullDate(refusal.at)],
        [t("How often"), timesOf(refusal)],
        [t("Server"), [refusal.helo, refusal.peer && `[${refusal.peer}]`].filter(Boolean).join(" ")],
        [t("Our answer"), `${refusal.code} ${refusal.answer}`],
      ]}
      onClose={onClose}
    />
  );
}
