import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Inbox, Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { Account } from "../../api/types";
import { sizeText } from "../../lib/bytes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { type Column, ROW_LINK, Table } from "../../ui/Table";
import { AddressField } from "../auth/AddressField";
import { addressOf } from "../auth/entrances";
import { useSave, wordsFor } from "./act";
import { PageHead, Waiting } from "./parts";
import { accountsQuery } from "./queries";
import { RIGHTS } from "./rights";
import { useDomains } from "./useDomains";

export function AccountsSection() {
  const accounts = useQuery(accountsQuery);
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <PageHead title={t("Shared accounts")} about={t("Mail that is nobody’s own: support@, billing@, jobs@.")}>
        <Button kind="primary" onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {t("Make one")}
        </Button>
      </PageHead>
      <Waiting of={accounts} />
      {accounts.data?.length === 0 && (
        <div className="h-64 rounded-md border border-line">
          <EmptyState
            icon={Inbox}
            title={t("There are no shared accounts yet")}
            text={t("People and groups can be let in to read, to write drafts, to send, or to do everything.")}
          />
        </div>
      )}
      {accounts.data && accounts.data.length > 0 && (
        <Table label={t("Shared accounts")} columns={COLUMNS} items={accounts.data} keyOf={(one) => one.id} />
      )}
      {isAdding && <NewAccount onClose={() => setAdding(false)} />}
    </>
  );
}

const COLUMNS: Column<Account>[] = [
  {
    id: "name",
    title: t("Account"),
    className: "w-full max-w-0",
    cell: (one) => (
      <>
        <Link
          to="/organisation/$section/$itemId"
          params={{ section: "accounts", itemId: one.id }}
          search={{}}
          className={ROW_LINK}
        >
          <span dir="auto" className="block truncate">
            {one.name}
          </span>
        </Link>
        <span className="block truncate text-muted">{one.email}</span>
      </>
    ),
  },
  {
    id: "right",
    title: t("You may"),
    isWide: true,
    className: "whitespace-nowrap",
    cell: (one) => (one.right ? RIGHTS[one.right].name : <span className="text-muted">{t("not use it")}</span>),
  },
  {
    id: "size",
    title: t("Mail"),
    isWide: true,
    className: "tabular text-right whitespace-nowrap",
    cell: (one) => sizeText(one.used_bytes),
  },
];

function NewAccount({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const domains = useDomains();
  const save = useSave();
  const form = useForm(
    { name: "", email: "", domain: "" },
    { words: wordsFor, byCode: { address_exists: "email", no_such_domain: "email" } },
  );
  const domain = form.values.domain || (domains[0] ?? "");
  const send = form.submit(async ({ name, email }) => {
    const body = { name: name.trim(), email: addressOf(email, domain) };
    const made = await save(() => call("POST /api/v1/accounts/", { body }), t("Shared account made."));
    await navigate({
      to: "/organisation/$section/$itemId",
      params: { section: "accounts", itemId: made.id },
      search: {},
    });
  });
  return (
    <FormDialog
      title={t("Make a shared account")}
      submitLabel={t("Make it")}
      form={form}
      onSubmit={send}
      onClose={onClose}
    >
      <Field
        label={t("Name")}
        type="text"
        autoComplete="off"
        autoFocus
        required
        maxLength={100}
        {...form.field("name")}
      />
      <AddressField
        label={t("Address")}
        isForOther
        domains={domains}
        domain={domain}
        onDomain={(name) => form.set({ domain: name })}
        {...form.field("email")}
      />
    </FormDialog>
  );
}
