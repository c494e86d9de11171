import { t } from "../../lib/i18n";
import { Dialog } from "../../ui/Dialog";
import { StatusForm, statusHint } from "../settings/StatusRow";
import { useMyself } from "../settings/useMyself";

/** A few words beside one's name, from wherever one is. */
export function StatusDialog({ onClose }: { onClose: () => void }) {
  const status = useMyself().data?.status ?? null;
  return (
    <Dialog isOpen onClose={onClose} title={t("Your status")} description={statusHint(status)}>
      <StatusForm status={status} onDone={onClose} />
    </Dialog>
  );
}
