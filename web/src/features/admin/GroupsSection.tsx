import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, Users } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { GroupShape } from "../../api/generated/schema";
import { plural, t } from "../../lib/i18n";
import { itemsOf } from "../../lib/pages";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { type Column, ROW_LINK, Table } from "../../ui/Table";
import { useSave, wordsFor } from "./act";
import { GROUP_CODES, GroupFields, type GroupValues, groupBody } from "./GroupFields";
import { POSTING } from "./groupWords";
import { More, PageHead, Waiting } from "./parts";
import { groupsQuery } from "./queries";
import { useDomains } from "./useDomains";

export function GroupsSection() {
  const groups = useInfiniteQuery(groupsQuery);
  const [isAdding, setAdding] = useState(false);
  const items = itemsOf(groups.data);
  return (
    <>
      <PageHead title={t("Groups")} about={t("Teams: one address for all, and what they may use together.")}>
        <Button kind="primary" onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {t("Make a group")}
        </Button>
      </PageHead>
      <Waiting of={groups} />
      {groups.data && items.length === 0 && (
        <div className="h-64 rounded-md border border-line">
          <EmptyState
            icon={Users}
            title={t("There are no groups yet")}
            text={t("A group can have an address that reaches every member, and be let into shared accounts.")}
          />
        </div>
      )}
      {items.length > 0 && (
        <div className="flex flex-col">
          <Table label={t("Groups")} columns={COLUMNS} items={items} keyOf={(one) => one.id} />
          <More of={groups} />
        </div>
      )}
      {isAdding && <NewGroup onClose={() => setAdding(false)} />}
    </>
  );
}

const membersOf = (one: GroupShape) =>
  [
    plural(one.members, "{n} member", "{n} members"),
    ...(one.groups.length > 0 ? [plural(one.groups.length, "{n} group in it", "{n} groups in it")] : []),
  ].join(", ");

const COLUMNS: Column<GroupShape>[] = [
  {
    id: "name",
    title: t("Group"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <Link
          to="/organisation/$section/$itemId"
          params={{ section: "groups", itemId: one.id }}
          search={{}}
          className={ROW_LINK}
        >
          <span dir="auto" className="block truncate">
            {one.name}
          </span>
        </Link>
        <span className="block truncate text-muted">
          {one.address ?? t("without an address")}
          <span className="sm:hidden"> · {membersOf(one)}</span>
        </span>
      </>
    ),
  },
  { id: "members", title: t("Members"), isWide: true, className: "tabular whitespace-nowrap", cell: membersOf },
  {
    id: "posting",
    title: t("Who may write"),
    isWide: true,
    className: "whitespace-nowrap max-md:hidden",
    cell: (one) => (one.address ? POSTING[one.posting] : <span className="text-muted">{t("nobody")}</span>),
  },
];

function NewGroup({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const domains = useDomains();
  const save = useSave();
  const form = useForm<GroupValues>(
    { name: "", about: "", posting: "organisation", address: "", domain: "" },
    { words: wordsFor, byCode: GROUP_CODES },
  );
  const send = form.submit(async (values) => {
    const body = groupBody(values, domains[0]);
    const made = await save(() => call("POST /api/v1/groups/", { body }), t("Group made."));
    await navigate({
      to: "/organisation/$section/$itemId",
      params: { section: "groups", itemId: made.id },
      search: {},
    });
  });
  return (
    <FormDialog title={t("Make a group")} submitLabel={t("Make it")} form={form} onSubmit={send} onClose={onClose}>
      <GroupFields form={form} isNew />
    </FormDialog>
  );
}
