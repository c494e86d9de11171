import { CircleAlert } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { security } from "../../api/security";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Input";
import { showToast } from "../../ui/toasts";
import { problemOf } from "../auth/words";
import { Row } from "../settings/controls";
import { NotProven, withStepUp } from "./stepUp";

const MIN_LENGTH = 8;

export function PasswordRow() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Row
      title={t("Password")}
      at="password"
      hint={t("Changing it ends your other sessions and the mail programs that use it.")}
    >
      <Button onClick={() => setOpen(true)}>{t("Change password")}</Button>
      {isOpen && <PasswordDialog onClose={() => setOpen(false)} />}
    </Row>
  );
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const formId = useId();
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await withStepUp(() => security.changePassword({ current_password: current, new_password: fresh }));
      showToast({ message: t("Password changed.") });
      onClose();
    } catch (error) {
      if (!(error instanceof NotProven)) setProblem(wordsFor(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("Change password")}
      width="narrow"
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            disabled={!current || fresh.length < MIN_LENGTH}
          >
            {t("Change")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        <Field
          label={t("Current password")}
          type="password"
          autoComplete="current-password"
          autoFocus
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <Field
          label={t("New password")}
          hint={t("At least 8 characters. Several words are easier to remember and harder to guess.")}
          type="password"
          autoComplete="new-password"
          value={fresh}
          onChange={(event) => setFresh(event.target.value)}
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

function wordsFor(error: unknown): string {
  const isWrong = error instanceof Error && "code" in error && error.code === "wrong_proof";
  return isWrong ? t("The current password is wrong.") : problemOf(error);
}
