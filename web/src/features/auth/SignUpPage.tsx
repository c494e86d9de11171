import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CircleAlert, DoorClosed } from "lucide-react";
import { useState } from "react";
import type { Flow, Offer } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { Skeleton } from "../../ui/Skeleton";
import { AddressField } from "./AddressField";
import { EntryFrame } from "./EntryFrame";
import { EntryLink } from "./EntryLink";
import { addressOf, entrances, LEAST_PASSWORD, offersQuery, PASSWORD_CODES } from "./entrances";
import { PasswordField } from "./PasswordField";
import { type Asked, ProofForm } from "./ProofForm";
import { problemOf } from "./words";

export function SignUpPage() {
  const router = useRouter();
  const { data, error, refetch } = useQuery(offersQuery);
  const [asked, setAsked] = useState<(Asked & Flow) | null>(null);
  return (
    <EntryFrame lead={asked ? t("One more step: the code.") : t("An account of your own.")}>
      {!data && !error && <Skeleton className="h-64" />}
      {error && (
        <Banner
          tone="danger"
          icon={CircleAlert}
          actions={
            <Button size="small" onClick={() => void refetch()}>
              {t("Try again")}
            </Button>
          }
        >
          {problemOf(error)}
        </Banner>
      )}
      {data?.items.length === 0 && <Closed />}
      {data && data.items.length > 0 && !asked && <SignUpForm offers={data.items} onAsked={setAsked} />}
      {asked && (
        <ProofForm
          asked={asked}
          onIn={({ isIn }) => router.history.replace(isIn ? "/" : "/login")}
          onStartOver={() => setAsked(null)}
        />
      )}
      <p className="mt-6 text-sm text-muted">
        {t("You have one already?")} <EntryLink to="/login">{t("Log in")}</EntryLink>
      </p>
    </EntryFrame>
  );
}

function Closed() {
  return (
    <section aria-labelledby="closed" className="rounded-md border border-line bg-raised p-4">
      <DoorClosed size={20} aria-hidden className="mb-2 text-muted" />
      <h2 id="closed" className="text-base font-semibold">
        {t("One cannot make an account here")}
      </h2>
      <p className="mt-1 text-sm text-muted">
        {t("Accounts here are made by invitation. Ask somebody who has one; the invitation comes as a letter.")}
      </p>
    </section>
  );
}

type SignUpFormProps = { offers: Offer[]; onAsked: (asked: Asked & Flow) => void };

function SignUpForm({ offers, onAsked }: SignUpFormProps) {
  const first = offers[0]?.domain ?? "";
  const form = useForm(
    { email: "", domain: first, name: "", password: "", recovery_address: "" },
    { words: problemOf, byCode: { ...PASSWORD_CODES, sign_up_closed: "recovery_address" } },
  );
  const { domain, password } = form.values;
  const isByDomain = offers.find((one) => one.domain === domain)?.by === "domain";
  const send = form.submit(async ({ email, name, recovery_address }) => {
    const wanted = addressOf(email, domain);
    const flow = await entrances.signUp({ email: wanted, name: name.trim(), password, recovery_address });
    onAsked({ ...flow, email: wanted, password, letterTo: recovery_address.trim() });
  });
  return (
    <form onSubmit={send} aria-label={t("Make an account")} className="flex flex-col gap-4">
      <Field label={t("Your name")} autoComplete="name" autoFocus maxLength={200} {...form.field("name")} />
      <AddressField
        label={t("The address you would like")}
        domains={offers.map((one) => one.domain)}
        domain={domain}
        onDomain={(chosen) => form.set({ domain: chosen })}
        {...form.field("email")}
      />
      <PasswordField
        isNew
        hint={t("At least {n} characters; not your name or address.", { n: LEAST_PASSWORD })}
        {...form.field("password")}
      />
      <Field
        label={t("An address you have elsewhere")}
        hint={
          isByDomain
            ? t("One of your organisation’s. The code goes there, and later a lost password is replaced by it.")
            : t("The code goes there, and later a lost password is replaced by it.")
        }
        type="email"
        autoComplete="email"
        autoCapitalize="off"
        spellCheck={false}
        required
        {...form.field("recovery_address")}
      />
      {form.problem && (
        <Banner tone="danger" icon={CircleAlert}>
          {form.problem}
        </Banner>
      )}
      <Button kind="primary" type="submit" isBusy={form.isBusy} className="mt-1 h-9">
        {t("Send me the code")}
      </Button>
    </form>
  );
}
