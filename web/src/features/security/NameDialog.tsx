import { type FormEvent, type ReactNode, useId, useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";

export type NameDialogProps = {
  isOpen: boolean;
  title: string;
  label: string;
  suggestion?: string;
  onClose: () => void;
  /** Resolves when it is done, for good or ill. */
  onNamed: (name: string) => Promise<void>;
  children?: ReactNode;
};

export function NameDialog({ isOpen, ...rest }: NameDialogProps) {
  const formId = useId();
  const [isBusy, setBusy] = useState(false);
  return (
    <Dialog
      isOpen={isOpen}
      onClose={rest.onClose}
      title={rest.title}
      width="narrow"
      footer={
        <>
          <Button onClick={rest.onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" form={formId} isBusy={isBusy}>
            {t("Go on")}
          </Button>
        </>
      }
    >
      {isOpen && <Form {...rest} id={formId} onBusy={setBusy} />}
    </Dialog>
  );
}

type FormProps = Omit<NameDialogProps, "isOpen"> & { id: string; onBusy: (isBusy: boolean) => void };

function Form({ id, label, suggestion = "", onNamed, onBusy, children }: FormProps) {
  const [name, setName] = useState(suggestion);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    onBusy(true);
    await onNamed(name.trim());
    onBusy(false);
  };
  return (
    <form id={id} onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <Field
        label={label}
        type="text"
        required
        maxLength={100}
        autoComplete="off"
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {children}
    </form>
  );
}
