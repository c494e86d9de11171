import { useQuery } from "@tanstack/react-query";
import { Building2, Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { ProviderRow } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { EmptyState } from "../../ui/EmptyState";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { type Column, Table } from "../../ui/Table";
import { ConfirmButton } from "../security/ConfirmButton";
import { useAct, useSave, wordsFor } from "./act";
import { PageHead, Waiting, When } from "./parts";
import { providersQuery } from "./queries";

/** Where other providers send people back to. */
const returnAddress = () => `${window.location.origin}/login/external`;

export function ProvidersSection() {
  const providers = useQuery(providersQuery);
  const { act } = useAct();
  const [isAdding, setAdding] = useState(false);
  const remove = (one: ProviderRow) =>
    act({
      run: () => call("DELETE /api/v1/identity-providers/{provider_id}/", { path: { provider_id: one.id } }),
      done: t("Nobody logs in by {name} any more. Open sessions stay.", { name: one.name }),
    });
  const columns: Column<ProviderRow>[] = [
    {
      id: "name",
      title: t("Provider"),
      className: "w-full max-w-0",
      cell: (one) => (
        <>
          <span dir="auto" className="block truncate font-medium">
            {one.name}
          </span>
          <span className="block truncate text-muted" title={one.issuer}>
            {one.issuer}
          </span>
        </>
      ),
    },
    {
      id: "client",
      title: t("Client id"),
      isWide: true,
      className: "max-w-40 truncate",
      cell: (one) => <span title={one.client_id}>{one.client_id}</span>,
    },
    { id: "added", title: t("Added"), isWide: true, cell: (one) => <When at={one.created_at} /> },
    {
      id: "acts",
      title: t("Acts"),
      isTitleHidden: true,
      className: "text-right",
      cell: (one) => (
        <ConfirmButton
          label={t("Remove")}
          question={t("Nobody will be able to log in by {name}. Passwords go on working.", { name: one.name })}
          onConfirmed={() => void remove(one)}
        />
      ),
    },
  ];
  return (
    <>
      <PageHead
        title={t("Outside log-in")}
        about={t(
          "People of your domains can log in by your own OpenID provider. Whoever runs it can log in as anybody here.",
        )}
      >
        <Button kind="primary" onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {t("Add a provider")}
        </Button>
      </PageHead>
      <Waiting of={providers} />
      {providers.data?.length === 0 && (
        <div className="h-64 rounded-md border border-line">
          <EmptyState
            icon={Building2}
            title={t("No outside log-in")}
            text={t("Keycloak, Authentik, Entra ID, Google Workspace, or any other that speaks OpenID Connect.")}
          />
        </div>
      )}
      {providers.data && providers.data.length > 0 && (
        <Table label={t("Providers")} columns={columns} items={providers.data} keyOf={(one) => one.id} />
      )}
      {isAdding && <NewProvider onClose={() => setAdding(false)} />}
    </>
  );
}

function NewProvider({ onClose }: { onClose: () => void }) {
  const save = useSave();
  const form = useForm({ name: "", issuer: "", client_id: "", client_secret: "" }, { words: wordsFor });
  const send = form.submit(async (body) => {
    await save(() => call("POST /api/v1/identity-providers/", { body }), t("Provider added."));
    onClose();
  });
  const plain = { type: "text", autoComplete: "off", spellCheck: false, required: true } as const;
  return (
    <FormDialog
      title={t("Add a provider")}
      submitLabel={t("Add")}
      form={form}
      onSubmit={send}
      onClose={onClose}
      width="normal"
    >
      <div>
        <p className="text-sm font-medium">{t("Its redirect URI")}</p>
        <p className="flex items-center gap-2 text-sm">
          <span className="min-w-0 break-all select-all">{returnAddress()}</span>
          <CopyButton text={returnAddress()} what={t("Copy the redirect URI")} />
        </p>
        <p className="text-sm text-muted">{t("Make a confidential client there with it, for the code flow.")}</p>
      </div>
      <Field
        label={t("Name")}
        hint={t("It stands on the log-in’s button.")}
        autoFocus
        maxLength={100}
        {...plain}
        {...form.field("name")}
      />
      <Field
        label={t("Issuer")}
        placeholder="https://id.example.org"
        maxLength={500}
        {...plain}
        {...form.field("issuer")}
      />
      <Field label={t("Client id")} maxLength={300} {...plain} {...form.field("client_id")} />
      <Field
        label={t("Client secret")}
        hint={t("Kept sealed, and never shown again.")}
        maxLength={500}
        {...plain}
        type="password"
        autoComplete="new-password"
        {...form.field("client_secret")}
      />
    </FormDialog>
  );
}
