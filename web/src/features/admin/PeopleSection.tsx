import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserPlus, UserSearch } from "lucide-react";
import { useState } from "react";
import type { UserShape } from "../../api/generated/schema";
import { myselfQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import { itemsOf } from "../../lib/pages";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { EmptyState } from "../../ui/EmptyState";
import { SearchField } from "../../ui/SearchField";
import { Select } from "../../ui/Select";
import { type Column, ROW_LINK, Table } from "../../ui/Table";
import { NewPersonDialog } from "./NewPersonDialog";
import { PersonMenu } from "./PersonMenu";
import { More, PageHead, Waiting, When } from "./parts";
import { peopleQuery } from "./queries";
import { useRoles } from "./roles";
import { useFilters, useTypedFilter } from "./useFilters";

export function PeopleSection() {
  const filters = useFilters("people");
  const { search, setSearch } = filters;
  const [typed, setTyped] = useTypedFilter(filters, "q");
  const { all, nameOf } = useRoles();
  const [isAdding, setAdding] = useState(false);
  const people = useInfiniteQuery({
    ...peopleQuery({ q: search.q, role: search.role, state: search.state }),
    placeholderData: (before) => before,
  });
  const items = itemsOf(people.data);
  const isNarrowed = Boolean(search.q || search.role || search.state);
  return (
    <>
      <PageHead title={t("People")} about={t("Who is here, and what they may do.")}>
        <Button kind="primary" onClick={() => setAdding(true)}>
          <UserPlus size={16} aria-hidden />
          {t("Add a person")}
        </Button>
      </PageHead>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label={t("Find by name or address")} value={typed} onChange={setTyped} />
        <Select
          aria-label={t("Role")}
          className="h-9 max-sm:flex-1"
          value={search.role ?? ""}
          onChange={(role) => setSearch({ role })}
          options={[{ value: "", label: t("Every role") }, ...all]}
        />
        <Select
          aria-label={t("State")}
          className="h-9 max-sm:flex-1"
          value={search.state ?? ""}
          onChange={(state) => setSearch({ state })}
          options={[
            { value: "", label: t("Active") },
            { value: "off", label: t("Switched off or deleted") },
            { value: "all", label: t("Everybody") },
          ]}
        />
      </div>
      <Waiting of={people} />
      {people.data && items.length === 0 && (
        <div className="h-64 rounded-md border border-line">
          <EmptyState
            icon={UserSearch}
            title={isNarrowed ? t("Nobody fits") : t("Nobody is here yet")}
            text={isNarrowed ? t("Try fewer words, or another role or state.") : t("Add people, or invite them.")}
          >
            {isNarrowed && (
              <Button
                onClick={() => {
                  setTyped("");
                  setSearch({ q: "", role: "", state: "" });
                }}
              >
                {t("Show everybody")}
              </Button>
            )}
          </EmptyState>
        </div>
      )}
      {items.length > 0 && (
        <div className="flex flex-col">
          <Table
            label={t("People")}
            columns={columns(nameOf)}
            items={items}
            keyOf={(one) => one.id}
            isBusy={people.isPlaceholderData}
          />
          <More of={people} />
        </div>
      )}
      {isAdding && <NewPersonDialog onClose={() => setAdding(false)} />}
    </>
  );
}

const columns = (nameOf: (role: string) => string): Column<UserShape>[] => [
  {
    id: "who",
    title: t("Person"),
    className: "w-full max-w-0",
    cell: (one) => (
      <span className="flex items-center gap-3">
        <Avatar person={personOf(one)} src={one.avatar_url && `${one.avatar_url}&size=64`} />
        <span className="min-w-0 flex-1">
          <Link
            to="/organisation/$section/$itemId"
            params={{ section: "people", itemId: one.id }}
            search={{}}
            className={ROW_LINK}
          >
            <span dir="auto" className="block truncate">
              {one.name || one.email}
            </span>
          </Link>
          <span className="block truncate text-muted">
            {one.email}
            <span className="sm:hidden"> · {nameOf(one.role)}</span>
          </span>
        </span>
        <StateChip person={one} />
      </span>
    ),
  },
  {
    id: "role",
    title: t("Role"),
    isWide: true,
    className: "whitespace-nowrap",
    cell: (one) => nameOf(one.role),
  },
  {
    id: "seen",
    title: t("Last here"),
    isWide: true,
    className: "max-md:hidden",
    cell: (one) => <When at={one.last_seen_at} never={t("not told")} />,
  },
  {
    id: "added",
    title: t("Added"),
    isWide: true,
    className: "max-lg:hidden",
    cell: (one) => <When at={one.created_at} />,
  },
  {
    id: "acts",
    title: t("Acts"),
    isTitleHidden: true,
    className: "text-right",
    cell: (one) => <RowMenu person={one} />,
  },
];

function RowMenu({ person }: { person: UserShape }) {
  const me = useQuery(myselfQuery).data;
  return me?.id === person.id ? <Chip>{t("You")}</Chip> : <PersonMenu person={person} />;
}

export function personOf(one: UserShape) {
  return { name: one.name, email: one.email ?? "" };
}

export function StateChip({ person }: { person: UserShape }) {
  if (person.deleted_at) return <Chip tone="danger">{t("Deleted")}</Chip>;
  return person.is_active ? null : <Chip tone="warn">{t("Switched off")}</Chip>;
}
