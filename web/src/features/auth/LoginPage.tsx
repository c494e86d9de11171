import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { ApiError } from "../../api/error";
import { signIn } from "../../api/session";
import type { Problem } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { EntryFrame } from "./EntryFrame";
import { ExternalButtons } from "./ExternalButtons";
import { type DemoAccount, healthQuery } from "./health";
import { OtherWaysIn } from "./OtherWaysIn";
import { PasskeyButton } from "./PasskeyButton";
import { PasswordField } from "./PasswordField";
import { SecondFactor } from "./SecondFactor";
import { wantedPath } from "./wanted";
import { problemOf } from "./words";

export function LoginPage() {
  const router = useRouter();
  const goOn = () => router.history.replace(wantedPath(window.location.search));
  return (
    <EntryFrame lead={t("Your team’s mail and talk, under one roof.")}>
      <LoginForm onSignedIn={goOn} />
      <OtherWaysIn />
    </EntryFrame>
  );
}

export function LoginForm({ onSignedIn }: { onSignedIn: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);

  const enter = async (who: DemoAccount) => {
    setBusy(true);
    setProblem(null);
    try {
      await signIn(who.email.trim(), who.password);
      onSignedIn();
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError && error.code === "mfa_required") {
        setAsked(error.problem);
        return;
      }
      setProblem(problemOf(error));
      passwordField.current?.focus();
      passwordField.current?.select();
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!email.trim() || !password) setProblem(t("Enter your e-mail address and your password."));
    else void enter({ email, password });
  };
  const fill = (who: DemoAccount) => {
    setEmail(who.email);
    setPassword(who.password);
    void enter(who);
  };

  const startOver = () => {
    setAsked(null);
    setPassword("");
  };
  if (asked) return <SecondFactor asked={asked} onSignedIn={onSignedIn} onBack={startOver} />;
  return (
    <>
      <form onSubmit={submit} noValidate aria-label={t("Log in")} className="flex flex-col gap-4">
        <Field
          label={t("E-mail address")}
          type="email"
          name="email"
          autoComplete="username webauthn"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PasswordField ref={passwordField} value={password} onChange={(event) => setPassword(event.target.value)} />
        {problem && (
          <Banner tone="danger" icon={CircleAlert}>
            {problem}
          </Banner>
        )}
        <Button kind="primary" type="submit" isBusy={isBusy} className="mt-1 h-9">
          {t("Log in")}
        </Button>
      </form>
      <PasskeyButton onSignedIn={onSignedIn} onProblem={(error) => setProblem(problemOf(error))} />
      <ExternalButtons email={email} onProblem={(error) => setProblem(problemOf(error))} />
      <DemoHint isBusy={isBusy} onChoose={fill} />
    </>
  );
}

function DemoHint({ isBusy, onChoose }: { isBusy: boolean; onChoose: (who: DemoAccount) => void }) {
  const { data } = useQuery(healthQuery);
  if (!data?.demo) return null;
  return (
    <section aria-label={t("Demonstration")} className="mt-8 border-t border-line pt-4">
      <p className="mb-2 text-sm text-muted">{t("This is a demonstration. Walk in as")}</p>
      <div className="flex flex-wrap gap-2">
        {data.demo.accounts.map((who) => (
          <Button key={who.email} size="small" disabled={isBusy} onClick={() => onChoose(who)}>
            {who.email}
          </Button>
        ))}
      </div>
    </section>
  );
}
