import { useInfiniteQuery } from "@tanstack/react-query";
import { MailX } from "lucide-react";
import { call } from "../../api/call";
import type { SuppressedShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/SearchField";
import { Select } from "../../ui/Select";
import type { Column } from "../../ui/Table";
import { useAct } from "./act";
import { Listing } from "./Listing";
import { PageHead, When } from "./parts";
import { type SuppressedFilter, suppressedQuery } from "./queries";
import { useFilters, useTypedFilter } from "./useFilters";

type Reason = SuppressedShape["reason"];

const WHY: { [reason in Reason]: string } = {
  bounced: t("Nobody is there"),
  complained: t("They complained"),
};

const REASONS: { value: Reason | ""; label: string }[] = [
  { value: "", label: t("For any reason") },
  { value: "bounced", label: WHY.bounced },
  { value: "complained", label: WHY.complained },
];

/** Whom no list writes to, and the way back for each. */
export function SuppressedSection() {
  const filters = useFilters("suppressed");
  const { q, reason: wanted } = filters.search;
  const reason = REASONS.find(({ value }) => value === wanted)?.value ?? "";
  const [typed, setTyped] = useTypedFilter(filters, "q");
  const filter: SuppressedFilter = { ...(q ? { q } : {}), ...(reason ? { reason } : {}) };
  const found = useInfiniteQuery({ ...suppressedQuery(filter), placeholderData: (before) => before });
  const { act, isBusy } = useAct();
  const release = (one: SuppressedShape) =>
    void act({
      run: () => call("DELETE /api/v1/sending/suppressions/{suppressed_id}/", { path: { suppressed_id: one.id } }),
      done: t("Lists write to {address} again.", { address: one.address }),
    });
  const isNarrowed = Boolean(q || reason);
  return (
    <>
      <PageHead
        title={t("Suppressions")}
        about={t(
          "Mailing lists pass these addresses over, since mail came back for good or its reader complained. What somebody writes to one of them still goes.",
        )}
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label={t("Find by address")} value={typed} onChange={setTyped} />
        <Select
          aria-label={t("Why")}
          value={reason}
          options={REASONS}
          onChange={(value) => filters.setSearch({ reason: value })}
          className="h-9"
        />
      </div>
      <Listing
        of={found}
        label={t("Suppressions")}
        columns={columns(release, isBusy)}
        keyOf={(one) => one.id}
        empty={{
          icon: MailX,
          title: isNarrowed ? t("Nothing fits") : t("No address is passed over"),
          text: isNarrowed
            ? t("Try a part of the address.")
            : t(
                "An address comes here when its server says that there is nobody, or when its reader calls your mail junk.",
              ),
        }}
      />
    </>
  );
}

const columns = (release: (one: SuppressedShape) => void, isBusy: boolean): Column<SuppressedShape>[] => [
  {
    id: "address",
    title: t("Address"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <span className="block truncate font-medium">{one.address}</span>
        <span className="block truncate text-xs text-muted" title={one.answer ?? undefined}>
          <span className="sm:hidden">
            {WHY[one.reason]}
            {one.answer && " · "}
          </span>
          {one.answer}
        </span>
      </>
    ),
  },
  {
    id: "why",
    title: t("Why"),
    isWide: true,
    className: "whitespace-nowrap",
    cell: (one) => WHY[one.reason],
  },
  {
    id: "since",
    title: t("Since"),
    isWide: true,
    className: "text-right",
    cell: (one) => <When at={one.at} />,
  },
  {
    id: "act",
    title: t("Way back"),
    isTitleHidden: true,
    className: "text-right",
    cell: (one) => (
      <Button
        size="small"
        disabled={isBusy}
        aria-label={t("Release {address}", { address: one.address })}
        onClick={() => release(one)}
      >
        {t("Release")}
      </Button>
    ),
  },
];
