import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { messageOf } from "../../api/error";
import type { Flow } from "../../api/generated/schema";
import { myself, recoveryQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { problemOf } from "../auth/words";
import { ConfirmButton } from "../security/ConfirmButton";
import { NotProven, withStepUp } from "../security/stepUp";
import { Row } from "./controls";
import { Waiting } from "./Waiting";

/** The address outside by which one comes in again. */
export function RecoveryRow() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(recoveryQuery);
  const [isOpen, setOpen] = useState(false);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const remove = async () => {
    try {
      await withStepUp(myself.forgetRecovery);
      client.setQueryData(recoveryQuery.queryKey, { email: null });
      showToast({ message: t("Recovery address removed."), durationMs: 3_000 });
    } catch (failure) {
      if (failure instanceof NotProven) return;
      showToast({ message: messageOf(failure), kind: "problem" });
    }
  };
  return (
    <Row
      title={t("Recovery address")}
      at="recovery"
      hint={
        data.email
          ? t("If you forget your password, a code goes to {email}.", { email: data.email })
          : t("An address outside this server, where a code goes if you forget your password. You have none yet.")
      }
    >
      <div className="flex gap-2">
        <Button onClick={() => setOpen(true)}>{data.email ? t("Change") : t("Add an address")}</Button>
        {data.email && (
          <ConfirmButton
            label={t("Remove")}
            name={t("Remove the recovery address")}
            kind="ghost"
            question={t("If you forget your password, only an administrator can let you in again.")}
            onConfirmed={() => void remove()}
          />
        )}
      </div>
      {isOpen && (
        <RecoveryDialog
          onClose={() => setOpen(false)}
          onDone={(email) => {
            client.setQueryData(recoveryQuery.queryKey, { email });
            setOpen(false);
            showToast({ message: t("{email} is your recovery address now.", { email: email ?? "" }) });
          }}
        />
      )}
    </Row>
  );
}

type DialogProps = { onClose: () => void; onDone: (email: string | null) => void };

/** First the address, then the code that went there. */
function RecoveryDialog({ onClose, onDone }: DialogProps) {
  const formId = useId();
  const [email, setEmail] = useState("");
  const [code, setCode] = useState("");
  const [flow, setFlow] = useState<Flow | null>(null);
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblems({});
    try {
      await work();
    } catch (error) {
      const found = problemsOf(error, ["email", "code"]);
      if (!(error instanceof NotProven)) setProblems(found[""] ? { "": problemOf(error) } : found);
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      if (!flow) setFlow(await withStepUp(() => myself.proposeRecovery({ email: email.trim() })));
      else onDone((await myself.proveRecovery({ flow: flow.flow, code: code.trim() })).email);
    });
  };
  const again = () =>
    void attempt(async () => {
      if (flow) setFlow(await myself.sendCodeAgain(flow.flow));
      showToast({ message: t("Another letter is on its way."), durationMs: 4_000 });
    });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={flow ? t("Enter the code") : t("Recovery address")}
      width="narrow"
      footer={
        <>
          {flow && (
            <Button kind="ghost" className="mr-auto" onClick={again}>
              {t("Send it again")}
            </Button>
          )}
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            disabled={flow ? !code.trim() : !email.trim()}
          >
            {flow ? t("Confirm") : t("Send a code")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="flex flex-col gap-4">
        {flow ? (
          <Field
            key="code"
            label={t("The code that went to {email}", { email })}
            hint={t("Eight digits, good for ten minutes. Look among junk too.")}
            error={problems.code}
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        ) : (
          <Field
            key="email"
            label={t("An address outside this server")}
            error={problems.email}
            type="email"
            autoComplete="email"
            maxLength={320}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
        {problems[""] && (
          <Banner tone="danger" icon={CircleAlert}>
            {problems[""]}
          </Banner>
        )}
      </form>
    </Dialog>
  );
}
