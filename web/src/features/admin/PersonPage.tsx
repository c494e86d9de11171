import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { call } from "../../api/call";
import type { UserShape } from "../../api/generated/schema";
import { myselfQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/FormProblem";
import { useForm } from "../../ui/form";
import { Input } from "../../ui/Input";
import { Labelled } from "../../ui/Labelled";
import { SelectField } from "../../ui/SelectField";
import { Row } from "../settings/controls";
import { useAct, useSave, wordsFor } from "./act";
import { personOf, StateChip } from "./PeopleSection";
import { PersonAddresses } from "./PersonAddresses";
import { Box, Card, PageHead, Waiting, When } from "./parts";
import { deletePerson, giveRole, nameOf, restorePerson, switchOff, switchOn } from "./personActs";
import { personQuery } from "./queries";
import { isWithin, useRoles } from "./roles";
import { mayOpen } from "./sections";

export function PersonPage({ id }: { id: string }) {
  const query = useQuery(personQuery(id));
  const me = useQuery(myselfQuery).data;
  const { roles } = useRoles();
  const { data: person } = query;
  const back = { section: "people" as const, title: t("People") };
  if (!person) {
    return (
      <>
        <PageHead title={t("Person")} back={back} />
        <Waiting of={query} />
      </>
    );
  }
  const role = roles.find((one) => one.id === person.role);
  const isAbove = me !== undefined && role !== undefined && !isWithin(role, me.permissions);
  const isMe = me?.id === person.id;
  return (
    <>
      <PageHead title={nameOf(person)} about={person.email ?? undefined} back={back}>
        <StateChip person={person} />
        <Avatar person={personOf(person)} size={40} src={person.avatar_url && `${person.avatar_url}&size=64`} />
      </PageHead>
      {isAbove && (
        <p className="mb-4 text-sm text-muted">
          {t("They may do more than you, so only somebody who may do as much can change what follows.")}
        </p>
      )}
      <fieldset disabled={isAbove || person.deleted_at !== null} className="contents">
        <Basics key={person.name} person={person} isMe={isMe} />
        <PersonAddresses id={id} />
      </fieldset>
      <Told person={person} />
      <Card title={t("More")}>
        <Box>
          {mayOpen(me, "audit") && (
            <Row title={t("What they did")} hint={t("Their lines in the organisation’s log.")}>
              <Link
                to="/organisation/$section"
                params={{ section: "audit" }}
                search={{ actor: id }}
                className="inline-flex h-8 items-center gap-2 rounded-md border border-line-strong bg-raised px-3 text-sm font-medium hover:bg-hover"
              >
                <ScrollText size={16} aria-hidden />
                {t("Show")}
              </Link>
            </Row>
          )}
          {!isMe && !isAbove && <Leaving person={person} />}
        </Box>
      </Card>
    </>
  );
}

function Basics({ person, isMe }: { person: UserShape; isMe: boolean }) {
  const { options, all } = useRoles();
  const { act, isBusy } = useAct();
  const save = useSave();
  const form = useForm({ name: person.name }, { words: wordsFor });
  const rename = form.submit(({ name }) =>
    save(
      () => call("PATCH /api/v1/users/{user_id}/", { path: { user_id: person.id }, body: { name: name.trim() } }),
      t("Name saved."),
    ),
  );
  const { error, ...typed } = form.field("name");
  const isChanged = form.values.name.trim() !== person.name;
  return (
    <Card title={t("Name and role")}>
      <div className="flex flex-col gap-4 rounded-md border border-line bg-raised p-4">
        <form onSubmit={rename} className="flex flex-col gap-3">
          <Labelled label={t("Name")} error={error}>
            {(wired) => (
              <div className="flex gap-2">
                <Input {...wired} {...typed} autoComplete="off" maxLength={200} className="max-w-80" />
                <Button type="submit" className="h-9" isBusy={form.isBusy} disabled={!isChanged}>
                  {t("Save")}
                </Button>
              </div>
            )}
          </Labelled>
          <FormProblem text={form.problem} />
        </form>
        <SelectField
          label={t("Role")}
          hint={isMe ? t("This is you: with a smaller role you may not come back here.") : t("It counts at once.")}
          options={all.filter((one) => one.value === person.role || options.some((two) => two.value === one.value))}
          value={person.role}
          disabled={isBusy}
          className="max-w-80"
          onChange={(chosen) => void act(giveRole(person, chosen))}
        />
      </div>
    </Card>
  );
}

/** What they say of themselves is theirs to change; here it is only read. */
function Told({ person }: { person: UserShape }) {
  const facts = [
    [t("Title"), person.title],
    [t("Department"), person.department],
    [t("Telephone"), person.phone],
    [t("Place"), person.location],
    [t("Pronouns"), person.pronouns],
    [t("About"), person.about],
    [t("Time zone"), person.time_zone],
  ].filter(([, value]) => value);
  return (
    <Card title={t("What they tell of themselves")}>
      <dl className="grid grid-cols-[minmax(88px,auto)_1fr] gap-x-6 gap-y-1.5 rounded-md border border-line bg-raised p-4 text-sm">
        {facts.map(([title, value]) => (
          <div key={title} className="contents">
            <dt className="text-muted">{title}</dt>
            <dd dir="auto" className="min-w-0 break-words">
              {value}
            </dd>
          </div>
        ))}
        <dt className="text-muted">{t("Added")}</dt>
        <dd>
          <When at={person.created_at} />
        </dd>
        <dt className="text-muted">{t("Last here")}</dt>
        <dd>
          <When at={person.last_seen_at} never={t("They do not tell, or were never here.")} />
        </dd>
      </dl>
    </Card>
  );
}

function Leaving({ person }: { person: UserShape }) {
  const { act, isBusy } = useAct();
  if (person.deleted_at) {
    return (
      <Row title={t("Deleted")} hint={t("For 14 days after it they can be had back, with their mail.")}>
        <Button isBusy={isBusy} onClick={() => void act(restorePerson(person))}>
          {t("Restore")}
        </Button>
      </Row>
    );
  }
  return (
    <>
      <Row
        title={person.is_active ? t("Switch off") : t("Switched off")}
        hint={
          person.is_active
            ? t("Their sessions end, mail for them is refused. Nothing is lost.")
            : t("They cannot come in, and mail for them is refused.")
        }
      >
        <Button isBusy={isBusy} onClick={() => void act(person.is_active ? switchOff(person) : switchOn(person))}>
          {person.is_active ? t("Switch off") : t("Switch on")}
        </Button>
      </Row>
      <Row title={t("Delete")} hint={t("Switched off now; in 14 days forgotten, their mail included.")}>
        <Button kind="danger" isBusy={isBusy} onClick={() => void act(deletePerson(person))}>
          {t("Delete")}
        </Button>
      </Row>
    </>
  );
}
