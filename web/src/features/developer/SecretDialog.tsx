import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Once } from "../security/Once";

export type SecretDialogProps = { title: string; secret: string | null; note: string; onClose: () => void };

/** A secret that the server shows this once. */
export function SecretDialog({ title, secret, note, onClose }: SecretDialogProps) {
  return (
    <Dialog
      isOpen={secret !== null}
      onClose={onClose}
      title={title}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <Once lines={secret ? [secret] : []} note={note} />
    </Dialog>
  );
}
