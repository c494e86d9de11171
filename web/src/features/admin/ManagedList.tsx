import { useInfiniteQuery } from "@tanstack/react-query";
import { Ellipsis, Hash, Lock, MessagesSquare, Scale, Timer, Users } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { ManagedConversation, PatchedManagedChangeRequest } from "../../api/generated/schema";
import { plural, t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem } from "../../ui/Menu";
import { SearchField } from "../../ui/SearchField";
import { Select } from "../../ui/Select";
import type { Column } from "../../ui/Table";
import { useAct } from "./act";
import { daysWords } from "./keepingWords";
import { Listing } from "./Listing";
import { ManagedKeeping } from "./ManagedKeeping";
import { Card, When } from "./parts";
import { type ManagedFilter, managedQuery } from "./queries";
import { useFilters, useTypedFilter } from "./useFilters";

const HOLDS = [
  { value: "", label: t("All of them") },
  { value: "held", label: t("With a legal hold") },
] as const;

export const nameOf = (one: ManagedConversation) => one.name || t("Unnamed group");

/** All groups and channels; of what is said there nothing. */
export function ManagedList() {
  const filters = useFilters("conversations");
  const { q, state } = filters.search;
  const [typed, setTyped] = useTypedFilter(filters, "q");
  const [keeping, setKeeping] = useState<ManagedConversation | null>(null);
  const filter: ManagedFilter = { ...(q ? { q } : {}), ...(state === "held" ? { held: true } : {}) };
  const found = useInfiniteQuery({ ...managedQuery(filter), placeholderData: (before) => before });
  const { act, isBusy } = useAct();
  const put = (one: ManagedConversation, body: PatchedManagedChangeRequest) => () =>
    call("PATCH /api/v1/conversations/managed/{conversation_id}/", { path: { conversation_id: one.id }, body });
  const hold = (one: ManagedConversation) =>
    void act({
      run: put(one, { is_held: !one.is_held }),
      undo: put(one, { is_held: one.is_held }),
      done: one.is_held
        ? t("The hold on {name} has ended", { name: nameOf(one) })
        : t("{name} is held: nothing of it goes", { name: nameOf(one) }),
    });
  return (
    <Card title={t("Groups and channels")}>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label={t("Find by name")} value={typed} onChange={setTyped} />
        <Select
          aria-label={t("Which")}
          value={state === "held" ? "held" : ""}
          options={HOLDS}
          onChange={(value) => filters.setSearch({ state: value })}
          className="h-9"
        />
      </div>
      <Listing
        of={found}
        label={t("Groups and channels")}
        columns={columns({ hold, keep: setKeeping, isBusy })}
        keyOf={(one) => one.id}
        empty={{
          icon: MessagesSquare,
          title: q || state ? t("Nothing fits") : t("No groups or channels yet"),
          text: t("Conversations of two are theirs, and are not listed; what counts for all counts for them too."),
        }}
      />
      {keeping && <ManagedKeeping conversation={keeping} onClose={() => setKeeping(null)} />}
    </Card>
  );
}

type Acts = {
  hold: (one: ManagedConversation) => void;
  keep: (one: ManagedConversation) => void;
  isBusy: boolean;
};

const columns = ({ hold, keep, isBusy }: Acts): Column<ManagedConversation>[] => [
  {
    id: "name",
    title: t("Name"),
    className: "w-full max-w-0",
    cell: (one) => <Named one={one} />,
  },
  {
    id: "kept",
    title: t("Kept"),
    isWide: true,
    className: "whitespace-nowrap",
    cell: (one) =>
      one.retention_days === null ? <span className="text-muted">{t("As all")}</span> : daysWords(one.retention_days),
  },
  {
    id: "last",
    title: t("Last written in"),
    isWide: true,
    className: "text-right",
    cell: (one) => <When at={one.last_at} />,
  },
  {
    id: "acts",
    title: t("Acts"),
    isTitleHidden: true,
    className: "text-right",
    cell: (one) => (
      <Menu
        label={nameOf(one)}
        align="end"
        trigger={<IconButton icon={Ellipsis} label={t("More about {name}", { name: nameOf(one) })} disabled={isBusy} />}
      >
        <MenuItem icon={Timer} onSelect={() => requestAnimationFrame(() => keep(one))}>
          {t("How long messages are kept …")}
        </MenuItem>
        <MenuItem icon={Scale} onSelect={() => hold(one)}>
          {one.is_held ? t("End the legal hold") : t("Put a legal hold on it")}
        </MenuItem>
      </Menu>
    ),
  },
];

function Named({ one }: { one: ManagedConversation }) {
  const Icon = one.kind === "group" ? Users : one.visibility === "private" ? Lock : Hash;
  const facts = [
    plural(one.members, "{n} member", "{n} members"),
    ...(one.archived_at ? [t("archived")] : []),
    ...(one.retention_days === null ? [] : [t("kept {days}", { days: daysWords(one.retention_days) })]),
  ];
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Icon size={16} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0">
        <span className="flex items-center gap-2">
          <span dir="auto" className="truncate font-medium">
            {nameOf(one)}
          </span>
          {one.is_held && (
            <span className="flex shrink-0 items-center gap-1 rounded bg-warn-soft px-1.5 text-xs font-medium text-warn">
              <Scale size={12} aria-hidden />
              {t("Held")}
            </span>
          )}
        </span>
        <span className="block truncate text-xs text-muted">{facts.join(" · ")}</span>
      </span>
    </span>
  );
}
