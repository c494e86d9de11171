import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { automatic, type Forward } from "../../api/automatic";
import { t } from "../../lib/i18n";
import { type Problems, problemsOf } from "../../lib/problems";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { problemOf } from "../auth/words";
import { NotProven, withStepUp } from "../security/stepUp";

type Asked = { forward: Forward; flow: string };
export type Opened = "new" | Asked;

/** First the address, then the code that went there. */
export function ForwardDialog({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  const formId = useId();
  const [address, setAddress] = useState("");
  const [code, setCode] = useState("");
  const [asked, setAsked] = useState<Asked | null>(opened === "new" ? null : opened);
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblems({});
    try {
      if (!asked) setAsked(await withStepUp(() => automatic.propose({ address: address.trim() })));
      else {
        await automatic.confirm(asked.forward.id, { flow: asked.flow, code: code.trim() });
        showToast({ message: t("Your mail goes on to {address}.", { address: asked.forward.address }) });
        onClose();
      }
    } catch (error) {
      const found = problemsOf(error, ["address", "code"]);
      if (!(error instanceof NotProven)) setProblems(found[""] ? { "": problemOf(error) } : found);
    }
    setBusy(false);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={asked ? t("Enter the code") : t("Add a forward")}
      width="narrow"
      footer={
        <>
          <Button onClick={onClose}>{asked ? t("Later") : t("Cancel")}</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            disabled={asked ? !code.trim() : !address.trim()}
          >
            {asked ? t("Begin to forward") : t("Send a code")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        {asked ? (
          <Field
            key="code"
            label={t("The code that went to {email}", { email: asked.forward.address })}
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
            label={t("Where your mail goes on to")}
            hint={t("A code goes there first: whoever reads it has to agree.")}
            error={problems.address}
            type="email"
            autoComplete="off"
            maxLength={320}
            autoFocus
            value={address}
            onChange={(event) => setAddress(event.target.value)}
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
