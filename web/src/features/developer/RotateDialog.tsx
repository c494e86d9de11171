import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { developer, type Webhook, webhookQuery } from "../../api/developer";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Select } from "../../ui/Select";
import { showToast } from "../../ui/toasts";
import { SecretDialog } from "./SecretDialog";

const KEEP = [
  { value: "0", label: t("It ends now") },
  { value: "1", label: t("For an hour") },
  { value: "24", label: t("For a day") },
  { value: "168", label: t("For a week") },
];

/** A new secret; for a while the old one may sign beside it, so that nothing is lost while it is put in place. */
export function RotateDialog({ hook, onClose }: { hook: Webhook; onClose: () => void }) {
  const client = useQueryClient();
  const keepId = useId();
  const [keep, setKeep] = useState("24");
  const [isBusy, setBusy] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const rotate = async () => {
    setBusy(true);
    try {
      const { secret: made, ...changed } = await developer.rotate(hook.id, { keep_hours: Number(keep) });
      client.setQueryData(webhookQuery(hook.id).queryKey, changed);
      setSecret(made);
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
    setBusy(false);
  };
  if (secret)
    return (
      <SecretDialog
        title={t("The webhook's new secret")}
        secret={secret}
        note={t("Put it in place of the old one. It is not shown again.")}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("Make a new secret")}
      width="narrow"
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button kind="primary" isBusy={isBusy} onClick={() => void rotate()}>
            {t("Make it")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-1">
        <label htmlFor={keepId} className="text-sm font-medium">
          {t("How long the old one signs too")}
        </label>
        <Select id={keepId} value={keep} options={KEEP} onChange={setKeep} className="h-9" />
      </div>
    </Dialog>
  );
}
