import { useQuery } from "@tanstack/react-query";
import { CircleAlert, KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { security } from "../../api/security";
import type { ProofMethod } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";
import { Skeleton } from "../../ui/Skeleton";
import { getPasskey, wasCancelled } from "../auth/passkeys";
import { TextButton } from "../auth/SecondFactor";
import { problemOf } from "../auth/words";
import { useStepUp } from "./stepUp";

/** `why` says what one is about to do, where it is not one's own way in that changes. */
export function StepUpDialog({ why }: { why?: string }) {
  const { isOpen, settle } = useStepUp();
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => settle(false)}
      width="narrow"
      title={t("Is it you?")}
      description={why ?? t("This changes how one gets into your account, so show once more who you are.")}
    >
      {isOpen && <StepUpForm onProven={() => settle(true)} />}
    </Dialog>
  );
}

const LABELS: { [method in ProofMethod]: () => string } = {
  passkey: () => t("Use your passkey"),
  totp: () => t("Code from your authenticator app"),
  recovery_code: () => t("Recovery code"),
  password: () => t("Password"),
};

function StepUpForm({ onProven }: { onProven: () => void }) {
  const { data, refetch } = useQuery({ queryKey: ["step-up"], queryFn: security.askToStepUp, gcTime: 0 });
  const [chosen, setChosen] = useState<ProofMethod | null>(null);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!data) return <Skeleton className="h-24" />;
  const method = chosen ?? data.methods[0] ?? "password";

  const prove = async () => {
    if (method === "password") return { password: typed };
    const { challenge } = data;
    if (method === "passkey") return { challenge, passkey: await getPasskey(data.passkey ?? {}) };
    return { challenge, [method]: typed.trim() };
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await security.stepUp(await prove());
      onProven();
    } catch (error) {
      if (!wasCancelled(error)) setProblem(problemOf(error));
      await refetch();
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-3">
      {method !== "passkey" && (
        <Field
          key={method}
          label={LABELS[method]()}
          type={method === "password" ? "password" : "text"}
          inputMode={method === "totp" ? "numeric" : undefined}
          autoComplete={method === "password" ? "current-password" : "one-time-code"}
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {problem && (
        <Banner tone="danger" icon={CircleAlert}>
          {problem}
        </Banner>
      )}
      <Button kind="primary" type="submit" isBusy={isBusy} disabled={method !== "passkey" && !typed} className="h-9">
        {method === "passkey" && <KeyRound size={16} aria-hidden />}
        {method === "passkey" ? LABELS.passkey() : t("Go on")}
      </Button>
      <div className="flex flex-wrap gap-x-4">
        {data.methods
          .filter((other) => other !== method)
          .map((other) => (
            <TextButton
              key={other}
              onClick={() => {
                setChosen(other);
                setTyped("");
              }}
            >
              {LABELS[other]()}
            </TextButton>
          ))}
      </div>
    </form>
  );
}
