import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CircleAlert, MailX } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../api/error";
import type { InvitationTo } from "../../api/generated/schema";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { Skeleton } from "../../ui/Skeleton";
import { AddressField } from "./AddressField";
import { EntryFrame } from "./EntryFrame";
import { EntryLink } from "./EntryLink";
import { addressOf, type Entry, enterWith, entrances, PASSWORD_CODES } from "./entrances";
import { forgetToken, takeToken } from "./invitation";
import { PasswordField } from "./PasswordField";
import { problemOf } from "./words";

export function InvitationPage() {
  const router = useRouter();
  const [token] = useState(takeToken);
  const { data, error, refetch } = useQuery({
    queryKey: ["invitation"],
    queryFn: () => entrances.look(token ?? ""),
    enabled: token !== null,
    retry: false,
    gcTime: 0,
  });
  const [isGone, setGone] = useState(false);
  const isOver = token === null || isGone || (error instanceof ApiError && error.status === 404);
  return (
    <EntryFrame lead={data && !isOver ? t("{name} invites you.", { name: data.organisation }) : t("An invitation.")}>
      {isOver && <Over />}
      {!isOver && !data && !error && <Skeleton className="h-64" />}
      {!isOver && error && (
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
      {!isOver && data && token && (
        <AcceptForm
          token={token}
          invited={data}
          onIn={({ isIn }) => router.history.replace(isIn ? "/" : "/login")}
          onGone={() => setGone(true)}
        />
      )}
      <p className="mt-6 text-sm text-muted">
        {t("You have an account already?")} <EntryLink to="/login">{t("Log in")}</EntryLink>
      </p>
    </EntryFrame>
  );
}

/** Used, too old, taken back or mistyped: the server tells these apart to nobody. */
function Over() {
  return (
    <section aria-labelledby="over" className="rounded-md border border-line bg-raised p-4">
      <MailX size={20} aria-hidden className="mb-2 text-muted" />
      <h2 id="over" className="text-base font-semibold">
        {t("This invitation does not hold any more")}
      </h2>
      <p className="mt-1 text-sm text-muted">
        {t(
          "It was used already, was taken back, or is older than two weeks. Open the link of the newest letter, or ask for another.",
        )}
      </p>
    </section>
  );
}

type AcceptFormProps = { token: string; invited: InvitationTo; onIn: (entry: Entry) => void; onGone: () => void };

function AcceptForm({ token, invited, onIn, onGone }: AcceptFormProps) {
  const { domains, min_password: least, email: letterTo } = invited;
  const form = useForm(
    { name: "", email: letterTo.split("@")[0] ?? "", domain: domains[0] ?? "", password: "" },
    { words: problemOf, byCode: { ...PASSWORD_CODES, address_exists: "email", address_reserved: "email" } },
  );
  const { domain, password } = form.values;
  const accept = form.submit(async ({ name, email }) => {
    try {
      const made = await entrances.accept({ token, email: addressOf(email, domain), name: name.trim(), password });
      forgetToken();
      onIn(await enterWith(made.email, password));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      forgetToken();
      onGone();
    }
  });
  return (
    <form onSubmit={accept} aria-label={t("Accept the invitation")} className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        {t("It went to {email} and is good until {date}. A lost password is replaced by that address.", {
          email: letterTo,
          date: shortDate(invited.expires_at),
        })}
      </p>
      <Field label={t("Your name")} autoComplete="name" autoFocus maxLength={200} {...form.field("name")} />
      <AddressField
        label={t("Your address here")}
        domains={domains}
        domain={domain}
        onDomain={(chosen) => form.set({ domain: chosen })}
        {...form.field("email")}
      />
      <PasswordField
        isNew
        hint={t("At least {n} characters; not your name, your address or your organisation.", { n: least })}
        {...form.field("password")}
      />
      {form.problem && (
        <Banner tone="danger" icon={CircleAlert}>
          {form.problem}
        </Banner>
      )}
      <Button kind="primary" type="submit" isBusy={form.isBusy} className="mt-1 h-9">
        {t("Come in")}
      </Button>
    </form>
  );
}
