import { useRouter } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import type { Flow } from "../../api/generated/schema";
import type { Problem } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { CodeField } from "./CodeField";
import { EntryFrame } from "./EntryFrame";
import { EntryLink } from "./EntryLink";
import { type Entry, enterWith, entrances, LEAST_PASSWORD, PASSWORD_CODES } from "./entrances";
import { PasswordField } from "./PasswordField";
import { SecondFactor, TextButton } from "./SecondFactor";
import { problemOf } from "./words";

type Asked = Flow & { email: string };

/** A new password by a code. What stands here is the same whether there is such a person or not. */
export function RecoverPage() {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [factor, setFactor] = useState<Problem | null>(null);
  const goOn = () => {
    showToast({ message: t("Your new password holds. Your other sessions have ended.") });
    router.history.replace("/");
  };
  const done = (entry: Entry) => {
    if (entry.isIn) goOn();
    else if (entry.asked) setFactor(entry.asked);
    else router.history.replace("/login");
  };
  return (
    <EntryFrame lead={t("A new password.")}>
      {factor && <SecondFactor asked={factor} onSignedIn={goOn} onBack={() => router.history.replace("/login")} />}
      {!factor && !asked && <AskForm onAsked={setAsked} />}
      {!factor && asked && <NewPasswordForm asked={asked} onDone={done} onStartOver={() => setAsked(null)} />}
      {!factor && (
        <p className="mt-6 text-sm text-muted">
          {t("It came back to you?")} <EntryLink to="/login">{t("Log in")}</EntryLink>
        </p>
      )}
    </EntryFrame>
  );
}

function AskForm({ onAsked }: { onAsked: (asked: Asked) => void }) {
  const form = useForm({ email: "" }, { words: problemOf });
  const ask = form.submit(async ({ email }) => onAsked({ ...(await entrances.recover(email.trim())), email }));
  return (
    <form onSubmit={ask} aria-label={t("Ask for a code")} className="flex flex-col gap-4">
      <Field
        label={t("Your e-mail address here")}
        hint={t("The code goes to the recovery address that you have told us, outside this server.")}
        type="email"
        name="email"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
        required
        {...form.field("email")}
      />
      {form.problem && (
        <Banner tone="danger" icon={CircleAlert}>
          {form.problem}
        </Banner>
      )}
      <Button kind="primary" type="submit" isBusy={form.isBusy} className="h-9">
        {t("Send me the code")}
      </Button>
    </form>
  );
}

type NewPasswordFormProps = {
  asked: Asked;
  onDone: (entry: Entry) => void;
  onStartOver: () => void;
};

function NewPasswordForm({ asked, onDone, onStartOver }: NewPasswordFormProps) {
  const form = useForm({ code: "", password: "" }, { words: problemOf, byCode: PASSWORD_CODES });
  const choose = form.submit(async ({ code, password }) => {
    await entrances.choosePassword(asked.flow, code, password);
    onDone(await enterWith(asked.email.trim(), password));
  });
  return (
    <form onSubmit={choose} aria-label={t("Choose a new password")} className="flex flex-col gap-4">
      <p className="text-base">
        {t(
          "If {email} has a recovery address, a letter with a code is on its way there. Without one, ask an administrator of your organisation.",
          { email: asked.email.trim() },
        )}
      </p>
      <CodeField flow={asked.flow} seconds={asked.expires_in_seconds} {...form.field("code")} />
      <PasswordField
        isNew
        label={t("New password")}
        hint={t("At least {n} characters; your organisation may want more.", { n: LEAST_PASSWORD })}
        {...form.field("password")}
      />
      {form.problem && (
        <Banner tone="danger" icon={CircleAlert}>
          {form.problem}
        </Banner>
      )}
      <Button
        kind="primary"
        type="submit"
        isBusy={form.isBusy}
        disabled={!form.values.code.trim() || !form.values.password}
        className="h-9"
      >
        {t("Set the password and log in")}
      </Button>
      <div>
        <TextButton onClick={onStartOver}>{t("Begin again")}</TextButton>
      </div>
    </form>
  );
}
