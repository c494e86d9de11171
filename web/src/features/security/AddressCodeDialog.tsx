import { type FormEvent, useId, useState } from "react";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/FormProblem";
import { Field } from "../../ui/Input";
import { problemOf } from "../auth/words";
import { NotProven } from "./stepUp";

export type AddressCodeDialogProps = {
  title: string;
  address: { label: string; hint?: string; autoComplete: string };
  /** What the button says that proves the code. */
  proveLabel: string;
  cancelLabel?: string;
  /** Where a code went before this was opened. */
  askedAt?: string | null;
  onPropose: (address: string) => Promise<unknown>;
  onProve: (code: string) => Promise<unknown>;
  onAgain?: () => Promise<unknown>;
  onClose: () => void;
};

/** First an address, then the code that went there. What is wrong is shown at its field. */
export function AddressCodeDialog(props: AddressCodeDialogProps) {
  const { title, address: words, proveLabel, cancelLabel, onPropose, onProve, onAgain, onClose } = props;
  const formId = useId();
  const [address, setAddress] = useState(props.askedAt ?? "");
  const [code, setCode] = useState("");
  const [isAsked, setAsked] = useState(Boolean(props.askedAt));
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblems({});
    try {
      await work();
    } catch (error) {
      const found = problemsOf(error, ["address", "email", "code"]);
      if (!(error instanceof NotProven)) setProblems(found[""] ? { "": problemOf(error) } : found);
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      if (isAsked) await onProve(code.trim());
      else {
        await onPropose(address.trim());
        setAsked(true);
      }
    });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isAsked ? t("Enter the code") : title}
      width="narrow"
      footer={
        <>
          {isAsked && onAgain && (
            <Button kind="ghost" className="mr-auto" onClick={() => void attempt(onAgain)}>
              {t("Send it again")}
            </Button>
          )}
          <Button onClick={onClose}>{(isAsked && cancelLabel) || t("Cancel")}</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            disabled={isAsked ? !code.trim() : !address.trim()}
          >
            {isAsked ? proveLabel : t("Send a code")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="flex flex-col gap-4">
        {isAsked ? (
          <Field
            key="code"
            label={t("The code that went to {email}", { email: address })}
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
            key="address"
            {...words}
            error={problems.address ?? problems.email}
            type="email"
            maxLength={320}
            autoFocus
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
        <FormProblem text={problems[""] ?? null} />
      </form>
    </Dialog>
  );
}
