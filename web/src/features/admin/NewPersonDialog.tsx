import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { AddressField } from "../auth/AddressField";
import { addressOf, PASSWORD_CODES } from "../auth/entrances";
import { Once } from "../security/Once";
import { useSave, wordsFor } from "./act";
import { madeUpPassword } from "./password";
import { organisationQuery } from "./queries";
import { useRoles } from "./roles";
import { useDomains } from "./useDomains";

type Made = { email: string; password: string };

/** Somebody new, with a password to begin with. It is shown once, for whoever hands it on. */
export function NewPersonDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  if (!made) return <NewPersonForm onClose={onClose} onMade={setMade} />;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("{email} is here", { email: made.email })}
      width="narrow"
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <Once
        lines={[made.password]}
        note={t("Hand on this password; it is not shown again. They should change it under Settings, Security.")}
      />
    </Dialog>
  );
}

function NewPersonForm({ onClose, onMade }: { onClose: () => void; onMade: (made: Made) => void }) {
  const domains = useDomains();
  const { options } = useRoles();
  const least = useQuery(organisationQuery).data?.min_password;
  const save = useSave();
  const form = useForm(
    { name: "", email: "", domain: "", role: "member", password: madeUpPassword() },
    {
      words: wordsFor,
      byCode: { ...PASSWORD_CODES, address_exists: "email", no_such_domain: "email", more_than_yours: "role" },
    },
  );
  const { domain: chosen, role } = form.values;
  const domain = chosen || (domains[0] ?? "");
  const add = form.submit(async ({ name, email, password }) => {
    const body = { email: addressOf(email, domain), name: name.trim(), role, password };
    await save(() => call("POST /api/v1/users/", { body }), t("Person added."));
    onMade({ email: body.email, password });
  });
  return (
    <FormDialog title={t("Add a person")} submitLabel={t("Add")} form={form} onSubmit={add} onClose={onClose}>
      <Field label={t("Name")} type="text" autoComplete="off" autoFocus maxLength={200} {...form.field("name")} />
      <AddressField
        label={t("Address")}
        isForOther
        domains={domains}
        domain={domain}
        onDomain={(name) => form.set({ domain: name })}
        {...form.field("email")}
      />
      <SelectField label={t("Role")} options={options} {...form.choice("role")} />
      <Field
        label={t("Password to begin with")}
        hint={least ? t("Made up for them. At least {n} characters.", { n: least }) : t("Made up for them.")}
        type="text"
        autoComplete="off"
        spellCheck={false}
        className="tabular"
        {...form.field("password")}
      />
    </FormDialog>
  );
}
