import { TriangleAlert } from "lucide-react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import type { SendWarning } from "./warnings";

export type SendDialogProps = { warnings: SendWarning[]; onSend: () => void; onClose: () => void };

export function SendDialog({ warnings, onSend, onClose }: SendDialogProps) {
  return (
    <Dialog
      isOpen={warnings.length > 0}
      onClose={onClose}
      title={t("Before this goes out")}
      width="narrow"
      footer={
        <>
          <Button kind="ghost" onClick={onSend}>
            {t("Send anyway")}
          </Button>
          <Button kind="primary" autoFocus onClick={onClose}>
            {t("Go back")}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-2">
        {warnings.map((warning) => (
          <li key={warning.code} className="flex items-start gap-2 text-base">
            <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warn" aria-hidden />
            {t(warning.message)}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
