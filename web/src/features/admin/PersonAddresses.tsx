import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import type { OwnAddress } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { type Column, Table } from "../../ui/Table";
import { AddressField } from "../auth/AddressField";
import { addressOf } from "../auth/entrances";
import { useAct, useSave, wordsFor } from "./act";
import { Card, Waiting } from "./parts";
import { addressesQuery } from "./queries";
import { useDomains } from "./useDomains";

/** Every address that reaches somebody; with one of them they log in. */
export function PersonAddresses({ id }: { id: string }) {
  const query = useQuery(addressesQuery(id));
  const { act, isBusy } = useAct();
  const [isAdding, setAdding] = useState(false);
  const path = (one: OwnAddress) => ({ user_id: id, address_id: one.id });
  const choose = (one: OwnAddress) =>
    act({
      run: () => call("POST /api/v1/users/{user_id}/addresses/{address_id}/primary/", { path: path(one) }),
      done: t("They log in with {email} from now on.", { email: one.email }),
    });
  const remove = (one: OwnAddress) =>
    act({
      run: () => call("DELETE /api/v1/users/{user_id}/addresses/{address_id}/", { path: path(one) }),
      done: t("{email} does not reach them any more.", { email: one.email }),
      undo: () => add(id, one.email),
    });
  const columns: Column<OwnAddress>[] = [
    {
      id: "email",
      title: t("Address"),
      className: "w-full max-w-0 truncate",
      cell: (one) => (
        <span title={one.email} className="font-medium">
          {one.email}
        </span>
      ),
    },
    {
      id: "acts",
      title: t("Acts"),
      isTitleHidden: true,
      className: "text-right whitespace-nowrap",
      cell: (one) =>
        one.is_primary ? (
          <Chip tone="accent">{t("Log-in")}</Chip>
        ) : (
          <span className="inline-flex gap-1">
            <Button
              size="small"
              kind="ghost"
              disabled={isBusy}
              aria-label={t("Use for log-in: {email}", { email: one.email })}
              onClick={() => void choose(one)}
            >
              {t("Use for log-in")}
            </Button>
            <Button
              size="small"
              disabled={isBusy}
              aria-label={t("Remove {email}", { email: one.email })}
              onClick={() => void remove(one)}
            >
              {t("Remove")}
            </Button>
          </span>
        ),
    },
  ];
  return (
    <Card
      title={t("Addresses")}
      actions={
        <Button size="small" onClick={() => setAdding(true)}>
          {t("Add an address")}
        </Button>
      }
    >
      <Waiting of={query} />
      {query.data && (
        <Table label={t("Addresses")} columns={columns} items={query.data.items} keyOf={(one) => one.id} />
      )}
      {isAdding && <NewAddress id={id} onClose={() => setAdding(false)} />}
    </Card>
  );
}

const add = (id: string, email: string) =>
  call("POST /api/v1/users/{user_id}/addresses/", { path: { user_id: id }, body: { email } });

function NewAddress({ id, onClose }: { id: string; onClose: () => void }) {
  const domains = useDomains();
  const save = useSave();
  const form = useForm({ email: "", domain: "" }, { words: wordsFor, byCode: { address_exists: "email" } });
  const domain = form.values.domain || (domains[0] ?? "");
  const send = form.submit(async ({ email }) => {
    await save(() => add(id, addressOf(email, domain)), t("Address added."));
    onClose();
  });
  return (
    <FormDialog title={t("Add an address")} submitLabel={t("Add")} form={form} onSubmit={send} onClose={onClose}>
      <AddressField
        label={t("Address")}
        hint={t("It reaches them beside the others, and they may send as it.")}
        isForOther
        domains={domains}
        domain={domain}
        onDomain={(name) => form.set({ domain: name })}
        autoFocus
        {...form.field("email")}
      />
    </FormDialog>
  );
}
