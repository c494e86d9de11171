import { CircleAlert } from "lucide-react";
import { type FormEvent, useEffect, useEffectEvent, useId, useState } from "react";
import { type Enrolment, security } from "../../api/security";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";
import { Skeleton } from "../../ui/Skeleton";
import { problemOf } from "../auth/words";
import { useAct } from "./acts";
import { QrCode } from "./QrCode";
import { withStepUp } from "./stepUp";

export function TotpDialog({ onClose, onDone }: { onClose: () => void; onDone: (codes: string[]) => void }) {
  const act = useAct();
  const formId = useId();
  const [made, setMade] = useState<Enrolment | null>(null);
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const begin = useEffectEvent(async () => {
    const given = await act(security.beginTotp);
    if (given) setMade(given);
    else onClose();
  });
  useEffect(() => void begin(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const { recovery_codes } = await withStepUp(() => security.confirmTotp(code));
      await act(async () => undefined, t("Authenticator app set up."));
      onDone(recovery_codes);
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen={made !== null}
      onClose={onClose}
      title={t("Set up an authenticator app")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" form={formId} isBusy={isBusy} disabled={!code.trim()}>
            {t("Turn it on")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <p className="text-sm">
          {t(
            "Scan this with an app such as Aegis, Google Authenticator or your password manager, then enter its code.",
          )}
        </p>
        <div className="flex flex-wrap items-start gap-4">
          {made ? <QrCode text={made.uri} /> : <Skeleton className="size-44" />}
          <div className="min-w-0 flex-1 basis-48">
            <p className="text-sm text-muted">{t("Or enter this key by hand:")}</p>
            <p className="tabular mt-1 font-medium select-all">{made ? inFours(made.secret) : ""}</p>
          </div>
        </div>
        <Field
          label={t("Code the app shows now")}
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={12}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        {problem && (
          <Banner tone="danger" icon={CircleAlert}>
            {problem}
          </Banner>
        )}
      </form>
    </Dialog>
  );
}

function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}
