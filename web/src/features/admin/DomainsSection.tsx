import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Globe, Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { DomainShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { EmptyState } from "../../ui/EmptyState";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { type Column, ROW_LINK, Table } from "../../ui/Table";
import { useSave, wordsFor } from "./act";
import { PageHead, Waiting } from "./parts";
import { domainsQuery, organisationQuery } from "./queries";

export function DomainsSection() {
  const domains = useQuery(domainsQuery);
  const first = useQuery(organisationQuery).data?.default_domain;
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <PageHead title={t("Domains")} about={t("Where your addresses are, and what the DNS should say.")}>
        <Button kind="primary" onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {t("Add a domain")}
        </Button>
      </PageHead>
      <Waiting of={domains} />
      {domains.data?.length === 0 && (
        <div className="h-64 rounded-md border border-line">
          <EmptyState
            icon={Globe}
            title={t("There is no domain yet")}
            text={t("Add the one that your addresses are to end with.")}
          />
        </div>
      )}
      {domains.data && domains.data.length > 0 && (
        <Table label={t("Domains")} columns={columns(first)} items={domains.data} keyOf={(one) => one.id} />
      )}
      {isAdding && <NewDomain onClose={() => setAdding(false)} />}
    </>
  );
}

const columns = (first: string | null | undefined): Column<DomainShape>[] => [
  {
    id: "name",
    title: t("Domain"),
    className: "w-full max-w-0",
    cell: (one) => (
      <Link
        to="/organisation/$section/$itemId"
        params={{ section: "domains", itemId: one.id }}
        search={{}}
        className={ROW_LINK}
      >
        <span className="block truncate">{one.name}</span>
      </Link>
    ),
  },
  {
    id: "catch-all",
    title: t("Mail for nobody"),
    isWide: true,
    className: "whitespace-nowrap",
    cell: (one) => one.catch_all ?? <span className="text-muted">{t("is refused")}</span>,
  },
  {
    id: "state",
    title: t("State"),
    className: "text-right whitespace-nowrap",
    cell: (one) => (
      <span className="inline-flex gap-1.5">
        {one.name === first && <Chip tone="accent">{t("First")}</Chip>}
        <DomainState domain={one} />
      </span>
    ),
  },
];

export function DomainState({ domain }: { domain: DomainShape }) {
  return domain.is_proved ? <Chip>{t("In use")}</Chip> : <Chip tone="warn">{t("To be proved")}</Chip>;
}

function NewDomain({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const save = useSave();
  const form = useForm(
    { name: "" },
    { words: wordsFor, byCode: { domain_exists: "name", invalid_domain: "name", too_many_domains: "name" } },
  );
  const send = form.submit(async ({ name }) => {
    const body = { name: name.trim() };
    const made = await save(() => call("POST /api/v1/domains/", { body }), t("Domain added."));
    await navigate({
      to: "/organisation/$section/$itemId",
      params: { section: "domains", itemId: made.id },
      search: {},
    });
  });
  return (
    <FormDialog title={t("Add a domain")} submitLabel={t("Add")} form={form} onSubmit={send} onClose={onClose}>
      <Field
        label={t("Domain")}
        hint={t("Such as example.org. What to publish for it in the DNS is shown next.")}
        type="text"
        inputMode="url"
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        required
        maxLength={253}
        {...form.field("name")}
      />
    </FormDialog>
  );
}
