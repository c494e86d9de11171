import type { FormEvent, ReactNode } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/FormProblem";
import { Card } from "./parts";

export type SavedFormProps = {
  title: string;
  form: { isBusy: boolean; problem: string | null };
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
};

/** A card that is a form: its fields, what is wrong with none of them, and Save. */
export function SavedForm({ title, form, onSubmit, children }: SavedFormProps) {
  return (
    <Card title={title}>
      <form
        onSubmit={onSubmit}
        aria-label={title}
        className="flex flex-col gap-4 rounded-md border border-line bg-raised p-4"
      >
        {children}
        <FormProblem text={form.problem} />
        <Button type="submit" kind="primary" className="self-start" isBusy={form.isBusy}>
          {t("Save")}
        </Button>
      </form>
    </Card>
  );
}
