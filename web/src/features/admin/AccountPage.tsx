import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UserMinus, Users } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { GrantShape, NewGrantRequest, RightEnum } from "../../api/generated/schema";
import { sizeText } from "../../lib/bytes";
import { t } from "../../lib/i18n";
import { PHONE, useMedia } from "../../lib/media";
import { type Kept, withItem, withoutItem } from "../../lib/pages";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/IconButton";
import { Select } from "../../ui/Select";
import { SelectField } from "../../ui/SelectField";
import { type Column, Table } from "../../ui/Table";
import { ConfirmButton } from "../security/ConfirmButton";
import { Row } from "../settings/controls";
import { type Act, useAct } from "./act";
import { type Found, MemberField } from "./MemberField";
import { Box, Card, PageHead, Waiting, When } from "./parts";
import { accountsQuery, GRANTS_KEY, grantsQuery } from "./queries";
import { RIGHT_OPTIONS, RIGHTS } from "./rights";

export function AccountPage({ id }: { id: string }) {
  const query = useQuery(accountsQuery);
  const navigate = useNavigate();
  const { act } = useAct();
  const account = query.data?.find((one) => one.id === id);
  const back = { section: "accounts" as const, title: t("Shared accounts") };
  if (!account) {
    return (
      <>
        <PageHead title={t("Shared account")} back={back} />
        <Waiting of={{ ...query, isPending: query.isFetching }} />
        {query.data && !query.isFetching && <p className="text-base">{t("There is no such account any more.")}</p>}
      </>
    );
  }
  const close = () =>
    act({
      run: () => call("DELETE /api/v1/accounts/{account_id}/", { path: { account_id: id } }),
      done: t("{name} is closed. Its mail goes in 14 days.", { name: account.name }),
      leaves: () => navigate({ to: "/organisation/$section", params: { section: "accounts" }, search: {} }),
    });
  return (
    <>
      <PageHead title={account.name} about={`${account.email} · ${sizeText(account.used_bytes)}`} back={back} />
      <Grants accountId={id} />
      <Card title={t("More")}>
        <Box>
          <Row title={t("Close the account")} hint={t("Nobody can use it from then on, and mail for it is refused.")}>
            <ConfirmButton
              label={t("Close it")}
              kind="danger"
              question={t("Mail for {email} will be refused, and what is there goes in 14 days.", {
                email: account.email,
              })}
              onConfirmed={() => void close()}
            />
          </Row>
        </Box>
      </Card>
    </>
  );
}

type Whom = Pick<GrantShape, "user_id" | "group_id" | "name">;

/** A grant takes the place of the one that the same person or group had. */
function give(accountId: string, { user_id, group_id }: Whom, right: RightEnum) {
  const whom: Pick<NewGrantRequest, "user_id" | "group_id"> = user_id ? { user_id } : { group_id: group_id ?? "" };
  return call("POST /api/v1/accounts/{account_id}/grants/", {
    path: { account_id: accountId },
    body: { ...whom, right },
  });
}

const takeBack = (accountId: string, grantId: string) =>
  call("DELETE /api/v1/accounts/{account_id}/grants/{grant_id}/", {
    path: { account_id: accountId, grant_id: grantId },
  });

function Grants({ accountId }: { accountId: string }) {
  const grants = useQuery(grantsQuery(accountId));
  const { act, isBusy } = useAct();
  const isPhone = useMedia(PHONE);
  const [right, setRight] = useState<RightEnum>("write");
  const items = grants.data?.items ?? [];
  const letIn = ({ kind, id, name }: Found) => {
    const whom = { user_id: kind === "person" ? id : null, group_id: kind === "group" ? id : null, name };
    let madeId = "";
    void act({
      run: async () => {
        madeId = (await give(accountId, whom, right)).id;
      },
      done: t("{name} may use it now: {right}.", { name, right: RIGHTS[right].name }),
      undo: () => takeBack(accountId, madeId),
    });
  };
  return (
    <Card title={t("Who may use it")}>
      <div className="mb-3 flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1 basis-60">
          <MemberField
            label={t("Let in a person or a group")}
            except={items.map((one) => one.user_id ?? one.group_id ?? "")}
            onPick={letIn}
          />
        </div>
        <SelectField label={t("To")} value={right} onChange={setRight} options={RIGHT_OPTIONS} />
        <p className="basis-full text-sm text-muted">{RIGHTS[right].about}</p>
      </div>
      <Waiting of={grants} />
      {grants.data && items.length === 0 && <p className="text-sm text-muted">{t("Nobody yet.")}</p>}
      {items.length > 0 && (
        <Table
          label={t("Who may use it")}
          columns={columns(accountId, (given) => void act(given), isPhone)}
          items={items}
          keyOf={(one) => one.id}
          isBusy={isBusy && grants.isFetching}
        />
      )}
    </Card>
  );
}

type Grants = Kept<GrantShape>;

function change(accountId: string, grant: GrantShape, right: RightEnum): Act {
  return {
    run: () => give(accountId, grant, right),
    done: t("{name} may now: {right}.", { name: grant.name, right: RIGHTS[right].name }),
    undo: () => give(accountId, grant, grant.right),
    shows: (client) =>
      void client.setQueriesData<Grants>({ queryKey: [...GRANTS_KEY, accountId] }, (data) =>
        withItem(data, (one) => one.id === grant.id, { right }),
      ),
  };
}

function shutOut(accountId: string, grant: GrantShape): Act {
  return {
    run: () => takeBack(accountId, grant.id),
    done: t("{name} may not use it any more.", { name: grant.name }),
    undo: () => give(accountId, grant, grant.right),
    shows: (client) =>
      void client.setQueriesData<Grants>({ queryKey: [...GRANTS_KEY, accountId] }, (data) =>
        withoutItem(data, (one) => one.id === grant.id),
      ),
  };
}

const columns = (accountId: string, act: (act: Act) => void, isPhone: boolean): Column<GrantShape>[] => [
  {
    id: "who",
    title: t("Who"),
    className: "w-full max-w-0",
    cell: (one) => (
      <span className="flex items-center gap-3">
        {one.user_id ? (
          <Avatar person={{ name: one.name, email: one.user_id }} />
        ) : (
          <span className="grid size-7 shrink-0 place-items-center rounded-full bg-sunken">
            <Users size={16} aria-hidden className="text-muted" />
          </span>
        )}
        <span className="flex min-w-0 flex-1 flex-col gap-1">
          <span dir="auto" className="truncate font-medium">
            {one.name}
          </span>
          {isPhone && <RightSelect grant={one} accountId={accountId} act={act} />}
        </span>
      </span>
    ),
  },
  {
    id: "right",
    title: t("May"),
    isWide: true,
    cell: (one) => !isPhone && <RightSelect grant={one} accountId={accountId} act={act} />,
  },
  { id: "since", title: t("Since"), isWide: true, cell: (one) => <When at={one.created_at} /> },
  {
    id: "acts",
    title: t("Acts"),
    isTitleHidden: true,
    className: "text-right",
    cell: (one) => (
      <IconButton
        icon={UserMinus}
        size="small"
        label={t("Shut {name} out", { name: one.name })}
        tooltipSide="left"
        onClick={() => act(shutOut(accountId, one))}
      />
    ),
  },
];

type RightSelectProps = { grant: GrantShape; accountId: string; act: (act: Act) => void };

function RightSelect({ grant, accountId, act }: RightSelectProps) {
  return (
    <Select
      aria-label={t("What {name} may", { name: grant.name })}
      value={grant.right}
      onChange={(right) => act(change(accountId, grant, right))}
      options={RIGHT_OPTIONS}
    />
  );
}
