import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { OrganisationShape, PatchedOrganisationChangeRequest, SignUpEnum } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { CheckField } from "../../ui/CheckField";
import { useForm } from "../../ui/form";
import { IconButton } from "../../ui/IconButton";
import { Field, Input } from "../../ui/Input";
import { Labelled } from "../../ui/Labelled";
import { SelectField } from "../../ui/SelectField";
import { useSave, wordsFor } from "./act";
import { PageHead, Waiting } from "./parts";
import { organisationQuery } from "./queries";
import { isWithin, useRoles } from "./roles";
import { SavedForm } from "./SavedForm";
import { useDomains } from "./useDomains";

export function PoliciesSection() {
  const query = useQuery(organisationQuery);
  return (
    <>
      <PageHead title={t("Policies")} about={t("What the organisation is called, who may come in, and how.")} />
      <Waiting of={query} />
      {query.data && (
        <>
          <Naming key={`${query.data.name} ${query.data.default_domain}`} organisation={query.data} />
          <Coming key={JSON.stringify(query.data.sign_up_domains)} organisation={query.data} />
          <Proving key={query.data.min_password} organisation={query.data} />
        </>
      )}
    </>
  );
}

type PartProps = { organisation: OrganisationShape };

function usePatch() {
  const save = useSave();
  return (body: PatchedOrganisationChangeRequest) =>
    save(() => call("PATCH /api/v1/organisation/", { body }), t("Saved. It counts at once."));
}

function Naming({ organisation }: PartProps) {
  const patch = usePatch();
  const domains = useDomains();
  const form = useForm(
    { name: organisation.name, default_domain: organisation.default_domain ?? "" },
    { words: wordsFor },
  );
  const send = form.submit(({ name, default_domain }) =>
    patch({ name: name.trim(), ...(default_domain ? { default_domain } : {}) }),
  );
  return (
    <SavedForm title={t("Name")} form={form} onSubmit={send}>
      <Field label={t("Name of the organisation")} type="text" required maxLength={200} {...form.field("name")} />
      {domains.length > 1 && (
        <SelectField
          label={t("The domain that is offered first")}
          options={domains.map((one) => ({ value: one, label: one }))}
          {...form.choice("default_domain")}
        />
      )}
    </SavedForm>
  );
}

const WAYS: { value: SignUpEnum; title: string; about: string }[] = [
  { value: "invitation", title: t("Who is invited"), about: t("People with the permission to invite write to them.") },
  { value: "domain", title: t("Who has an address in certain domains"), about: t("They prove it with a code.") },
  { value: "open", title: t("Anybody"), about: t("With an address elsewhere, proved with a code.") },
  { value: "closed", title: t("Nobody"), about: t("Only who manages people adds them. Invitations do not hold.") },
];

type ComingValues = { sign_up: SignUpEnum; sign_up_domains: string[]; sign_up_role: string };

function Coming({ organisation }: PartProps) {
  const patch = usePatch();
  const { roles, options } = useRoles();
  const form = useForm<ComingValues>(
    {
      sign_up: organisation.sign_up ?? "invitation",
      sign_up_domains: organisation.sign_up_domains,
      sign_up_role: organisation.sign_up_role ?? "guest",
    },
    { words: wordsFor, byCode: { invalid_domain: "sign_up_domains" } },
  );
  const { sign_up, sign_up_domains } = form.values;
  const member = roles.find((one) => one.id === "member")?.permissions ?? [];
  const modest = options.filter((option) => {
    const role = roles.find((one) => one.id === option.value);
    return role ? isWithin(role, member) : true;
  });
  const send = form.submit(patch);
  return (
    <SavedForm title={t("Who may make an account")} form={form} onSubmit={send}>
      <fieldset className="flex flex-col">
        <legend className="sr-only">{t("Who may make an account")}</legend>
        {WAYS.map(({ value, title, about }) => (
          <label key={value} className="flex items-start gap-3 py-1.5">
            <input
              type="radio"
              name="sign_up"
              value={value}
              checked={sign_up === value}
              onChange={() => form.set({ sign_up: value })}
              className="mt-[3px] accent-(--accent)"
            />
            <span className="min-w-0">
              <span className="block text-base font-medium">{title}</span>
              <span className="block text-sm text-muted">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {sign_up === "domain" && (
        <DomainList
          domains={sign_up_domains}
          error={form.errorOf("sign_up_domains")}
          onChange={(domains) => form.set({ sign_up_domains: domains })}
        />
      )}
      {(sign_up === "domain" || sign_up === "open") && (
        <SelectField
          label={t("What they are at first")}
          hint={t("Strangers are never given more than a member.")}
          options={modest}
          {...form.choice("sign_up_role")}
        />
      )}
    </SavedForm>
  );
}

type DomainListProps = { domains: string[]; error: string | undefined; onChange: (domains: string[]) => void };

function DomainList({ domains, error, onChange }: DomainListProps) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const add = () => {
    if (wanted && !domains.includes(wanted)) onChange([...domains, wanted]);
    setTyped("");
  };
  return (
    <div className="flex flex-col gap-2">
      <Labelled label={t("Domains outside this server")} hint={t("Such as the one your team has now.")} error={error}>
        {(wired) => (
          <div className="flex gap-2">
            <Input
              {...wired}
              value={typed}
              placeholder="example.org"
              autoCapitalize="off"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                add();
              }}
            />
            <Button className="h-9" disabled={!wanted} onClick={add}>
              <Plus size={14} aria-hidden />
              {t("Add")}
            </Button>
          </div>
        )}
      </Labelled>
      {domains.length > 0 && (
        <ul aria-label={t("Domains outside this server")} className="flex flex-wrap gap-2">
          {domains.map((name) => (
            <li
              key={name}
              className="inline-flex items-center gap-1 rounded-md border border-line bg-sunken pl-2 text-sm"
            >
              {name}
              <IconButton
                icon={X}
                size="small"
                label={t("Remove {name}", { name })}
                onClick={() => onChange(domains.filter((one) => one !== name))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Proving({ organisation }: PartProps) {
  const patch = usePatch();
  const form = useForm(
    { min_password: String(organisation.min_password), requires_mfa: organisation.requires_mfa },
    { words: wordsFor },
  );
  const send = form.submit(({ min_password, requires_mfa }) =>
    patch({ min_password: Number(min_password), requires_mfa }),
  );
  return (
    <SavedForm title={t("Passwords and second factors")} form={form} onSubmit={send}>
      <Field
        label={t("A password has at least")}
        hint={t("Characters, 8 to 64. It counts for passwords that are chosen from now on.")}
        type="number"
        min={8}
        max={64}
        required
        className="max-w-24"
        {...form.field("min_password")}
      />
      <CheckField
        label={t("Everybody needs a second factor")}
        hint={t("An authenticator app or a passkey beside the password.")}
        isOn={form.values.requires_mfa}
        onChange={(requires_mfa) => form.set({ requires_mfa })}
      />
    </SavedForm>
  );
}
