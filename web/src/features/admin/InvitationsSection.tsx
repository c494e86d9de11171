import { useInfiniteQuery } from "@tanstack/react-query";
import { MailPlus, Send } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { InvitationShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { itemsOf, type Kept, withoutItem } from "../../lib/pages";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { type Column, Table } from "../../ui/Table";
import { useAct, useSave, wordsFor } from "./act";
import { More, PageHead, Waiting, When } from "./parts";
import { INVITATIONS_KEY, invitationsQuery } from "./queries";
import { useRoles } from "./roles";

export function InvitationsSection() {
  const invitations = useInfiniteQuery(invitationsQuery);
  const { nameOf } = useRoles();
  const { act, isBusy } = useAct();
  const [isInviting, setInviting] = useState(false);
  const items = itemsOf(invitations.data);
  const withdraw = (one: InvitationShape) =>
    act({
      run: () => call("DELETE /api/v1/invitations/{invitation_id}/", { path: { invitation_id: one.id } }),
      done: t("The invitation of {email} does not hold any more.", { email: one.email }),
      shows: (client) =>
        void client.setQueriesData<Kept<InvitationShape>>({ queryKey: INVITATIONS_KEY }, (data) =>
          withoutItem(data, (other) => other.id === one.id),
        ),
    });
  const columns: Column<InvitationShape>[] = [
    {
      id: "email",
      title: t("To"),
      className: "w-full max-w-0",
      cell: (one) => (
        <>
          <span className="block truncate font-medium" title={one.email}>
            {one.email}
          </span>
          <span className="block truncate text-muted">
            {one.invited_by ? t("by {name}", { name: one.invited_by }) : ""}
            <span className="sm:hidden">
              {" "}
              · {nameOf(one.role)} · {t("until")} <When at={one.expires_at} />
            </span>
          </span>
        </>
      ),
    },
    { id: "role", title: t("As"), isWide: true, className: "whitespace-nowrap", cell: (one) => nameOf(one.role) },
    { id: "sent", title: t("Sent"), isWide: true, cell: (one) => <When at={one.created_at} /> },
    { id: "until", title: t("Good until"), isWide: true, cell: (one) => <When at={one.expires_at} /> },
    {
      id: "acts",
      title: t("Acts"),
      isTitleHidden: true,
      className: "text-right",
      cell: (one) => (
        <Button
          size="small"
          disabled={isBusy}
          aria-label={t("Withdraw the invitation of {email}", { email: one.email })}
          onClick={() => void withdraw(one)}
        >
          {t("Withdraw")}
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t("Invitations")} about={t("Letters that wait for an answer. Each is good for 14 days, once.")}>
        <Button kind="primary" onClick={() => setInviting(true)}>
          <Send size={16} aria-hidden />
          {t("Invite")}
        </Button>
      </PageHead>
      <Waiting of={invitations} />
      {invitations.data && items.length === 0 && (
        <div className="h-64 rounded-md border border-line">
          <EmptyState
            icon={MailPlus}
            title={t("No invitation waits")}
            text={t("Whoever is invited chooses an address and a password here themselves.")}
          />
        </div>
      )}
      {items.length > 0 && (
        <div className="flex flex-col">
          <Table label={t("Invitations")} columns={columns} items={items} keyOf={(one) => one.id} />
          <More of={invitations} />
        </div>
      )}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const { options } = useRoles();
  const save = useSave();
  const form = useForm(
    { email: "", role: "member" },
    {
      words: wordsFor,
      byCode: { invalid_address: "email", not_outside: "email", more_than_yours: "role" },
      aliases: { recovery_address: "email" },
    },
  );
  const send = form.submit(async ({ email, role }) => {
    const body = { email: email.trim(), role };
    await save(() => call("POST /api/v1/invitations/", { body }), t("The letter is on its way to {email}.", { email }));
    onClose();
  });
  return (
    <FormDialog
      title={t("Invite somebody")}
      submitLabel={t("Send the letter")}
      form={form}
      onSubmit={send}
      onClose={onClose}
    >
      <Field
        label={t("Their address elsewhere")}
        hint={t("The link goes there. An earlier invitation to it does not hold any more then.")}
        type="email"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        required
        maxLength={320}
        {...form.field("email")}
      />
      <SelectField label={t("Role")} options={options} {...form.choice("role")} />
    </FormDialog>
  );
}
