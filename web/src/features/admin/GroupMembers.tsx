import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { UserMinus, Users } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { GroupShape, MemberShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { itemsOf, type Kept, withItem, withoutItem } from "../../lib/pages";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { IconButton } from "../../ui/IconButton";
import { type Column, Table } from "../../ui/Table";
import { type Act, useAct } from "./act";
import { type Found, MemberField } from "./MemberField";
import { personOf } from "./PeopleSection";
import { Card, More, Waiting } from "./parts";
import { nameOf } from "./personActs";
import { MEMBERS_KEY, membersQuery, someGroupsQuery } from "./queries";

/** Who is in a group: people, and groups whose members are members too. */
export function GroupMembers({ group }: { group: GroupShape }) {
  const members = useInfiniteQuery(membersQuery(group.id));
  const { act, isBusy } = useAct();
  const take = (found: Found) =>
    void act(
      found.kind === "person"
        ? {
            run: () => put(group.id, found.id, false),
            done: t("{name} is a member now.", { name: found.name }),
            undo: () => putOut(group.id, found.id),
          }
        : {
            run: () => nest(group.id, found.id),
            done: t("The members of {name} are members too.", { name: found.name }),
            undo: () => unnest(group.id, found.id),
          },
    );
  return (
    <Card title={t("Members")}>
      <div className="flex flex-col gap-3">
        <MemberField
          label={t("Add a person or a group")}
          except={[group.id, ...group.groups, ...itemsOf(members.data).map((one) => one.user.id)]}
          onPick={take}
        />
        <Nested group={group} />
        <Waiting of={members} />
        {members.data && members.data.pages[0]?.items.length === 0 && (
          <p className="text-sm text-muted">{t("Nobody is in it yet.")}</p>
        )}
        {itemsOf(members.data).length > 0 && (
          <Table
            label={t("Members")}
            columns={columns(group, (given) => void act(given))}
            items={itemsOf(members.data)}
            keyOf={(one) => one.user.id}
            isBusy={isBusy && members.isFetching}
          />
        )}
        <More of={members} />
      </div>
    </Card>
  );
}

const put = (groupId: string, userId: string, isManager: boolean) =>
  call("PUT /api/v1/groups/{group_id}/members/{user_id}/", {
    path: { group_id: groupId, user_id: userId },
    body: { is_manager: isManager },
  });
const putOut = (groupId: string, userId: string) =>
  call("DELETE /api/v1/groups/{group_id}/members/{user_id}/", { path: { group_id: groupId, user_id: userId } });
const nest = (groupId: string, childId: string) =>
  call("PUT /api/v1/groups/{group_id}/groups/{child_id}/", { path: { group_id: groupId, child_id: childId } });
const unnest = (groupId: string, childId: string) =>
  call("DELETE /api/v1/groups/{group_id}/groups/{child_id}/", { path: { group_id: groupId, child_id: childId } });

type Members = Kept<MemberShape>;

function remove(group: GroupShape, { user, is_manager }: MemberShape): Act {
  return {
    run: () => putOut(group.id, user.id),
    done: t("{name} is not in {group} any more.", { name: nameOf(user), group: group.name }),
    undo: () => put(group.id, user.id, is_manager),
    shows: (client) =>
      void client.setQueriesData<Members>({ queryKey: [...MEMBERS_KEY, group.id] }, (data) =>
        withoutItem(data, (one) => one.user.id === user.id),
      ),
  };
}

function makeManager(group: GroupShape, { user }: MemberShape, isManager: boolean): Act {
  const words = { name: nameOf(user), group: group.name };
  return {
    run: () => put(group.id, user.id, isManager),
    done: isManager ? t("{name} manages {group} now.", words) : t("{name} does not manage {group} any more.", words),
    undo: () => put(group.id, user.id, !isManager),
    shows: (client) =>
      void client.setQueriesData<Members>({ queryKey: [...MEMBERS_KEY, group.id] }, (data) =>
        withItem(data, (one) => one.user.id === user.id, { is_manager: isManager }),
      ),
  };
}

const columns = (group: GroupShape, act: (act: Act) => void): Column<MemberShape>[] => [
  {
    id: "who",
    title: t("Person"),
    className: "w-full max-w-0",
    cell: ({ user }) => (
      <span className="flex items-center gap-3">
        <Avatar person={personOf(user)} src={user.avatar_url && `${user.avatar_url}&size=64`} />
        <span className="min-w-0">
          <span dir="auto" className="block truncate font-medium">
            {nameOf(user)}
          </span>
          <span className="block truncate text-muted">{user.email}</span>
        </span>
      </span>
    ),
  },
  {
    id: "manager",
    title: t("Manages it"),
    className: "whitespace-nowrap",
    cell: (one) => (
      <label className="inline-flex min-h-6 items-center gap-2">
        <input
          type="checkbox"
          checked={one.is_manager}
          aria-label={t("Manager: {name}", { name: nameOf(one.user) })}
          onChange={(event) => act(makeManager(group, one, event.target.checked))}
          className="accent-(--accent)"
        />
        <span className="sm:hidden">{t("Manager")}</span>
      </label>
    ),
  },
  {
    id: "acts",
    title: t("Acts"),
    isTitleHidden: true,
    className: "text-right",
    cell: (one) => (
      <IconButton
        icon={UserMinus}
        size="small"
        label={t("Remove {name}", { name: nameOf(one.user) })}
        tooltipSide="left"
        onClick={() => act(remove(group, one))}
      />
    ),
  },
];

function Nested({ group }: { group: GroupShape }) {
  const { data: groups } = useQuery(someGroupsQuery);
  const { act, isBusy } = useAct();
  const [leaving, setLeaving] = useState<string | null>(null);
  const nameOfGroup = (id: string) => groups?.find((one) => one.id === id)?.name ?? t("A group");
  const takeOut = async (id: string) => {
    setLeaving(id);
    await act({
      run: () => unnest(group.id, id),
      done: t("The members of {name} are not in it any more.", { name: nameOfGroup(id) }),
      undo: () => nest(group.id, id),
    });
    setLeaving(null);
  };
  if (group.groups.length === 0) return null;
  return (
    <ul aria-label={t("Groups in it")} className="flex flex-col rounded-md border border-line bg-raised text-sm">
      {group.groups.map((id) => (
        <li key={id} className="flex h-12 items-center gap-3 border-t border-line px-3 first:border-t-0">
          <span className="grid size-7 place-items-center rounded-full bg-sunken">
            <Users size={16} aria-hidden className="text-muted" />
          </span>
          <span dir="auto" className="min-w-0 flex-1 truncate font-medium">
            {nameOfGroup(id)}
          </span>
          <Chip>{t("Group")}</Chip>
          <Button
            size="small"
            isBusy={leaving === id}
            disabled={isBusy}
            aria-label={t("Take out: {name}", { name: nameOfGroup(id) })}
            onClick={() => void takeOut(id)}
          >
            {t("Take out")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
