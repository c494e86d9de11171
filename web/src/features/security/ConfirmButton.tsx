import { useState } from "react";
import { t } from "../../lib/i18n";
import { Button, type ButtonKind } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

export type ConfirmButtonProps = { label: string; question: string; kind?: ButtonKind; onConfirmed: () => void };

/** For what cannot be undone: says what will happen, and asks once. */
export function ConfirmButton({ label, question, kind = "plain", onConfirmed }: ConfirmButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const confirm = () => {
    setOpen(false);
    onConfirmed();
  };
  return (
    <>
      <Button kind={kind} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={label}
        width="narrow"
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{t("Cancel")}</Button>
            <Button kind="danger" onClick={confirm}>
              {label}
            </Button>
          </>
        }
      >
        <p className="text-base">{question}</p>
      </Dialog>
    </>
  );
}
