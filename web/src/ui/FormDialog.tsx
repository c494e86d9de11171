import { type FormEvent, type ReactNode, useId } from "react";
import { t } from "../lib/i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { FormProblem } from "./FormProblem";

export type FormDialogProps = {
  title: string;
  submitLabel: string;
  form: { isBusy: boolean; problem: string | null };
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  onClose: () => void;
  width?: "narrow" | "normal";
  children: ReactNode;
};

/** A dialog that is a form: its fields, what is wrong with none of them, and its two buttons. */
export function FormDialog({ title, submitLabel, form, onSubmit, onClose, width, children }: FormDialogProps) {
  const id = useId();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      width={width ?? "narrow"}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" type="submit" form={id} isBusy={form.isBusy}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={onSubmit} className="flex flex-col gap-4">
        {children}
        <FormProblem text={form.problem} />
      </form>
    </Dialog>
  );
}
