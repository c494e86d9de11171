import { useState } from "react";
import { automatic, type Forward } from "../../api/automatic";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { AddressCodeDialog } from "../security/AddressCodeDialog";
import { withStepUp } from "../security/stepUp";

type Asked = { forward: Forward; flow: string };
export type Opened = "new" | Asked;

export function ForwardDialog({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  const [asked, setAsked] = useState<Asked | null>(opened === "new" ? null : opened);
  const prove = async (code: string) => {
    if (!asked) return;
    await automatic.confirm(asked.forward.id, { flow: asked.flow, code });
    showToast({ message: t("Your mail goes on to {address}.", { address: asked.forward.address }) });
    onClose();
  };
  return (
    <AddressCodeDialog
      title={t("Add a forward")}
      address={{
        label: t("Where your mail goes on to"),
        hint: t("A code goes there first: whoever reads it has to agree."),
        autoComplete: "off",
      }}
      proveLabel={t("Begin to forward")}
      cancelLabel={t("Later")}
      askedAt={asked?.forward.address ?? null}
      onPropose={async (address) => setAsked(await withStepUp(() => automatic.propose({ address })))}
      onProve={prove}
      onClose={onClose}
    />
  );
}
