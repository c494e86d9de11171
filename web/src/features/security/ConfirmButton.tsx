import { useState } from "react";
import { t } from "../../lib/i18n";
import { Button, type ButtonKind, type ButtonProps } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

export type ConfirmButtonProps = {
  label: string;
  /** The button's whole name, where its label alone would not say of what. */
  name?: string;
  question: string;
  kind?: ButtonKind;
  size?: ButtonProps["size"];
  confirmKind?: ButtonKind;
  onConfirmed: () => void;
};

/** For what cannot be undone: says what will happen, and asks once. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { label, name, question, kind = "plain", size = "normal", confirmKind = "danger", onConfirmed } = props;
  const [isOpen, setOpen] = useState(false);
  const confirm = () => {
    setOpen(false);
    onConfirmed();
  };
  return (
    <>
      <Button kind={kind} size={size} aria-label={name} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={name ?? label}
        width="narrow"
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{t("Cancel")}</Button>
            <Button kind={confirmKind} onClick={confirm}>
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
