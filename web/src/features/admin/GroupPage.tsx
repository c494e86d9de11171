import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { call } from "../../api/call";
import type { GroupShape } from "../../api/generated/schema";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/FormProblem";
import { useForm } from "../../ui/form";
import { ConfirmButton } from "../security/ConfirmButton";
import { Row } from "../settings/controls";
import { useAct, useSave, wordsFor } from "./act";
import { GROUP_CODES, GroupFields, type GroupValues, groupBody } from "./GroupFields";
import { GroupMembers } from "./GroupMembers";
import { Box, Card, PageHead, Waiting } from "./parts";
import { groupQuery } from "./queries";
import { useDomains } from "./useDomains";

export function GroupPage({ id }: { id: string }) {
  const query = useQuery(groupQuery(id));
  const navigate = useNavigate();
  const { act, isBusy } = useAct();
  const { data: group } = query;
  const back = { section: "groups" as const, title: t("Groups") };
  if (!group) {
    return (
      <>
        <PageHead title={t("Group")} back={back} />
        <Waiting of={query} />
      </>
    );
  }
  const remove = () =>
    act({
      run: () => call("DELETE /api/v1/groups/{group_id}/", { path: { group_id: id } }),
      done: t("{name} is gone.", { name: group.name }),
      leaves: () => navigate({ to: "/organisation/$section", params: { section: "groups" }, search: {} }),
    });
  return (
    <>
      <PageHead
        title={group.name}
        about={[group.address, plural(group.members, "{n} member", "{n} members")].filter(Boolean).join(" · ")}
        back={back}
      />
      <GroupMembers group={group} />
      <Card title={t("Name, address and who may write")}>
        <GroupForm key={JSON.stringify(group)} group={group} />
      </Card>
      <Card title={t("More")}>
        <Box>
          <Row title={t("Delete the group")} hint={t("Its address with it, and what its members may use by it.")}>
            <ConfirmButton
              label={t("Delete")}
              kind="danger"
              question={t("Mail to {name} will be refused. This cannot be taken back.", {
                name: group.address ?? group.name,
              })}
              onConfirmed={() => !isBusy && void remove()}
            />
          </Row>
        </Box>
      </Card>
    </>
  );
}

function GroupForm({ group }: { group: GroupShape }) {
  const domains = useDomains();
  const save = useSave();
  const [local = "", domain = ""] = (group.address ?? "").split("@");
  const form = useForm<GroupValues>(
    { name: group.name, about: group.about, posting: group.posting, address: local, domain },
    { words: wordsFor, byCode: GROUP_CODES },
  );
  const send = form.submit((values) =>
    save(
      () =>
        call("PATCH /api/v1/groups/{group_id}/", {
          path: { group_id: group.id },
          body: groupBody(values, domains[0]),
        }),
      t("Group saved."),
    ),
  );
  return (
    <form
      aria-label={t("The group")}
      onSubmit={send}
      className="flex flex-col gap-4 rounded-md border border-line bg-raised p-4"
    >
      <GroupFields form={form} />
      <FormProblem text={form.problem} />
      <Button kind="primary" type="submit" isBusy={form.isBusy} className="self-start">
        {t("Save")}
      </Button>
    </form>
  );
}
