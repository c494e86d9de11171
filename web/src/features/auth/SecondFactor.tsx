import { CircleAlert, KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/error";
import { finishSignIn, type Proof } from "../../api/session";
import type { Problem, ProofMethod } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Input";
import { getPasskey, wasCancelled } from "./passkeys";
import { problemOf } from "./words";

export type SecondFactorProps = { asked: Problem; onSignedIn: () => void; onBack: () => void };

/** The password was right; now a code of the app, a passkey, or a recovery code. */
export function SecondFactor({ asked, onSignedIn, onBack }: SecondFactorProps) {
  const methods = asked.methods ?? [];
  const [method, setMethod] = useState<ProofMethod>(methods[0] ?? "totp");
  const [code, setCode] = useState("");
  const [isTrusted, setTrusted] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const finish = async (proof: () => Promise<Proof>) => {
    setBusy(true);
    setProblem(null);
    try {
      await finishSignIn(asked.challenge ?? "", await proof(), isTrusted);
      onSignedIn();
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError && error.code === "invalid_challenge") onBack();
      else if (!wasCancelled(error)) setProblem(problemOf(error));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (method === "passkey") void finish(async () => ({ passkey: await getPasskey(asked.passkey ?? {}) }));
    else if (!code.trim()) setProblem(t("Enter the code."));
    else void finish(async () => (method === "totp" ? { totp: code.trim() } : { recovery_code: code.trim() }));
  };
  const choose = (other: ProofMethod) => {
    setMethod(other);
    setCode("");
    setProblem(null);
  };

  return (
    <form onSubmit={submit} noValidate aria-label={t("Second factor")} className="flex flex-col gap-4">
      <p className="text-base">{t("One more step: show that it is you.")}</p>
      {method === "totp" && (
        <Field
          label={t("Code from your authenticator app")}
          name="totp"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          maxLength={12}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      {method === "recovery_code" && (
        <Field
          label={t("Recovery code")}
          hint={t("One of the ten you kept when you set this up. Each works once.")}
          name="recovery-code"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      <label className="flex items-center gap-2 text-sm">
        <input type="checkbox" checked={isTrusted} onChange={(event) => setTrusted(event.target.checked)} />
        {t("Do not ask again in this browser for 30 days")}
      </label>
      {problem && (
        <Banner tone="danger" icon={CircleAlert}>
          {problem}
        </Banner>
      )}
      <Button kind="primary" type="submit" isBusy={isBusy} className="h-9">
        {method === "passkey" && <KeyRound size={16} aria-hidden />}
        {method === "passkey" ? t("Use your passkey") : t("Go on")}
      </Button>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {methods
          .filter((other) => other !== method)
          .map((other) => (
            <TextButton key={other} onClick={() => choose(other)}>
              {WAYS[other]()}
            </TextButton>
          ))}
        <TextButton onClick={onBack}>{t("Log in as somebody else")}</TextButton>
      </div>
    </form>
  );
}

const WAYS: { [method in ProofMethod]: () => string } = {
  passkey: () => t("Use a passkey"),
  totp: () => t("Use a code from the app"),
  recovery_code: () => t("Use a recovery code"),
  password: () => t("Use the password"),
};

export function TextButton({ onClick, children }: { onClick: () => void; children: React.ReactNode }) {
  return (
    <button type="button" onClick={onClick} className="min-h-6 text-sm text-accent underline-offset-2 hover:underline">
      {children}
    </button>
  );
}
