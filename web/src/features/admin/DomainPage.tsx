import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Info } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import { ApiError } from "../../api/error";
import type { DomainShape, RecordShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { FormProblem } from "../../ui/FormProblem";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { Row } from "../settings/controls";
import { useAct, useSave, wordsFor } from "./act";
import { DomainCheck } from "./DomainCheck";
import { DomainKeys } from "./DomainKeys";
import { DomainReports } from "./DomainReports";
import { DomainState } from "./DomainsSection";
import { Box, Card, PageHead, Waiting } from "./parts";
import { domainsQuery } from "./queries";

export function DomainPage({ id }: { id: string }) {
  const query = useQuery(domainsQuery);
  const navigate = useNavigate();
  const { act } = useAct();
  const domain = query.data?.find((one) => one.id === id);
  const back = { section: "domains" as const, title: t("Domains") };
  if (!domain) {
    return (
      <>
        <PageHead title={t("Domain")} back={back} />
        <Waiting of={{ ...query, isPending: query.isFetching }} />
        {query.data && !query.isFetching && <p className="text-base">{t("There is no such domain any more.")}</p>}
      </>
    );
  }
  const remove = () =>
    act({
      run: () => call("DELETE /api/v1/domains/{domain_id}/", { path: { domain_id: id } }),
      done: t("{name} is removed.", { name: domain.name }),
      leaves: () => navigate({ to: "/organisation/$section", params: { section: "domains" }, search: {} }),
    });
  return (
    <>
      <PageHead title={domain.name} back={back}>
        <DomainState domain={domain} />
      </PageHead>
      {!domain.is_proved && <Proof domain={domain} />}
      {domain.is_proved && <CatchAll key={domain.catch_all} domain={domain} />}
      <Card title={domain.is_proved ? t("What to publish in the DNS") : t("What to publish after that")}>
        <Records records={domain.is_proved ? domain.records : domain.records.slice(1)} />
      </Card>
      {domain.is_proved && <DomainKeys domain={domain} />}
      {domain.is_proved && <DomainCheck id={domain.id} />}
      {domain.is_proved && <DomainReports id={domain.id} />}
      <Card title={t("More")}>
        <Box>
          <Row
            title={t("Remove the domain")}
            hint={t("Only one in which nobody, no group and no shared account has an address.")}
          >
            <ConfirmButton
              label={t("Remove")}
              kind="danger"
              question={t("Mail for {name} will be refused.", { name: domain.name })}
              onConfirmed={() => void remove()}
            />
          </Row>
        </Box>
      </Card>
    </>
  );
}

function Proof({ domain }: { domain: DomainShape }) {
  const navigate = useNavigate();
  const save = useSave();
  const [isBusy, setBusy] = useState(false);
  const [missing, setMissing] = useState<string | null>(null);
  const prove = async () => {
    setBusy(true);
    setMissing(null);
    try {
      const proved = await save(
        () => call("POST /api/v1/domains/{domain_id}/prove/", { path: { domain_id: domain.id } }),
        t("{name} is yours.", { name: domain.name }),
      );
      await navigate({
        to: "/organisation/$section/$itemId",
        params: { section: "domains", itemId: proved.id },
        search: {},
        replace: true,
      });
    } catch (error) {
      if (error instanceof ApiError && error.code === "not_proved") setMissing(error.message);
      else showToast({ message: wordsFor(error) ?? "", kind: "problem" });
    }
    setBusy(false);
  };
  return (
    <Card title={t("Prove that it is yours")}>
      <p className="mb-3 text-sm text-muted">
        {t(
          "There are several organisations on this server. So that nobody takes another’s mail, publish this record where the domain is kept, then let us look. It may take some minutes until everybody sees it.",
        )}
      </p>
      <Records records={domain.records.slice(0, 1)} />
      {missing && (
        <Banner tone="warn" icon={Info} className="mt-3">
          <span role="alert">{missing}</span>
        </Banner>
      )}
      <Button kind="primary" className="mt-3" isBusy={isBusy} onClick={() => void prove()}>
        {t("Look for it now")}
      </Button>
    </Card>
  );
}

/** Each record as one types it into the form of one's DNS: the parts apart, each to be copied. */
function Records({ records }: { records: RecordShape[] }) {
  return (
    <ul className="flex flex-col rounded-md border border-line bg-raised">
      {records.map((one) => (
        <li
          key={one.name + one.type + one.value}
          className="flex flex-col gap-1 border-t border-line p-3 first:border-t-0"
        >
          <p className="text-sm text-muted">{one.why}</p>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 text-sm">
            <dt className="text-muted">{t("Type")}</dt>
            <dd className="col-span-2 font-medium">{one.type}</dd>
            <dt className="text-muted">{t("Name")}</dt>
            <dd className="font-medium break-all select-all">{one.name}</dd>
            <dd>
              <CopyButton text={one.name} what={t("Copy the name {name}", { name: one.name })} />
            </dd>
            <dt className="text-muted">{t("Value")}</dt>
            <dd className="font-medium break-all select-all">{one.value}</dd>
            <dd>
              <CopyButton text={one.value} what={t("Copy the value of {name}", { name: `${one.type} ${one.name}` })} />
            </dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function CatchAll({ domain }: { domain: DomainShape }) {
  const save = useSave();
  const form = useForm(
    { catch_all: domain.catch_all ?? "" },
    { words: wordsFor, byCode: { invalid_address: "catch_all" } },
  );
  const send = form.submit(({ catch_all }) =>
    save(
      () =>
        call("PATCH /api/v1/domains/{domain_id}/", {
          path: { domain_id: domain.id },
          body: { catch_all: catch_all.trim() || null },
        }),
      catch_all.trim() ? t("What is for nobody goes there.") : t("What is for nobody is refused."),
    ),
  );
  return (
    <Card title={t("Mail for addresses that are nobody’s")}>
      <form onSubmit={send} className="flex flex-col gap-3 rounded-md border border-line bg-raised p-4">
        <Field
          label={t("Goes to")}
          hint={t("An address of your organisation. Empty: it is refused, so that whoever mistyped learns of it.")}
          type="email"
          autoComplete="off"
          spellCheck={false}
          {...form.field("catch_all")}
        />
        <FormProblem text={form.problem} />
        <Button type="submit" className="self-start" isBusy={form.isBusy}>
          {t("Save")}
        </Button>
      </form>
    </Card>
  );
}
