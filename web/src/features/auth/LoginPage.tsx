import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CircleAlert, Eye, EyeOff } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { ApiError } from "../../api/error";
import { signIn } from "../../api/session";
import type { Problem } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Field, Input } from "../../ui/Input";
import { ExternalButtons } from "./ExternalButtons";
import { type DemoAccount, healthQuery } from "./health";
import { PasskeyButton } from "./PasskeyButton";
import { SecondFactor } from "./SecondFactor";
import { wantedPath } from "./wanted";
import { problemOf } from "./words";

export function LoginPage() {
  const router = useRouter();
  const goOn = () => router.history.replace(wantedPath(window.location.search));
  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-paper px-6 py-10">
      <div className="w-full max-w-[340px] pb-[8vh]">
        <h1 className="font-serif text-[40px] leading-[48px] tracking-[-0.015em]">Posthouse</h1>
        <p className="mt-1 mb-8 text-base text-muted">{t("Your team’s mail and talk, under one roof.")}</p>
        <LoginForm onSignedIn={goOn} />
      </div>
    </main>
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
        <PasswordField ref={passwordField} value={password} onChange={setPassword} />
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

type PasswordFieldProps = { ref: React.Ref<HTMLInputElement>; value: string; onChange: (value: string) => void };

function PasswordField({ ref, value, onChange }: PasswordFieldProps) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {t("Password")}
      </label>
      <div className="relative">
        <Input
          ref={ref}
          id={id}
          name="password"
          type={isShown ? "text" : "password"}
          autoComplete="current-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="pr-10"
        />
        <IconButton
          icon={isShown ? EyeOff : Eye}
          label={isShown ? t("Hide password") : t("Show password")}
          size="small"
          tooltipSide="right"
          className="absolute top-1 right-1"
          onClick={() => setShown(!isShown)}
        />
      </div>
    </div>
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
