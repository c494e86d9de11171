import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/error";
import type { Flow } from "../../api/generated/schema";
import { myself, recoveryQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { AddressCodeDialog } from "../security/AddressCodeDialog";
import { ConfirmButton } from "../security/ConfirmButton";
import { NotProven, withStepUp } from "../security/stepUp";
import { Row } from "./controls";
import { Waiting } from "./Waiting";

/** The address outside by which one comes in again. */
export function RecoveryRow() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(recoveryQuery);
  const [isOpen, setOpen] = useState(false);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const remove = async () => {
    try {
      await withStepUp(myself.forgetRecovery);
      client.setQueryData(recoveryQuery.queryKey, { email: null });
      showToast({ message: t("Recovery address removed."), durationMs: 3_000 });
    } catch (failure) {
      if (failure instanceof NotProven) return;
      showToast({ message: messageOf(failure), kind: "problem" });
    }
  };
  return (
    <Row
      title={t("Recovery address")}
      at="recovery"
      hint={
        data.email
          ? t("If you forget your password, a code goes to {email}.", { email: data.email })
          : t("An address outside this server, where a code goes if you forget your password. You have none yet.")
      }
    >
      <div className="flex gap-2">
        <Button onClick={() => setOpen(true)}>{data.email ? t("Change") : t("Add an address")}</Button>
        {data.email && (
          <ConfirmButton
            label={t("Remove")}
            name={t("Remove the recovery address")}
            kind="ghost"
            question={t("If you forget your password, only an administrator can let you in again.")}
            onConfirmed={() => void remove()}
          />
        )}
      </div>
      {isOpen && (
        <RecoveryDialog
          onClose={() => setOpen(false)}
          onDone={(email) => {
            client.setQueryData(recoveryQuery.queryKey, { email });
            setOpen(false);
            showToast({ message: t("{email} is your recovery address now.", { email: email ?? "" }) });
          }}
        />
      )}
    </Row>
  );
}

type DialogProps = { onClose: () => void; onDone: (email: string | null) => void };

function RecoveryDialog({ onClose, onDone }: DialogProps) {
  const [flow, setFlow] = useState<Flow | null>(null);
  const again = async () => {
    if (flow) setFlow(await myself.sendCodeAgain(flow.flow));
    showToast({ message: t("Another letter is on its way."), durationMs: 4_000 });
  };
  return (
    <AddressCodeDialog
      title={t("Recovery address")}
      address={{ label: t("An address outside this server"), autoComplete: "email" }}
      proveLabel={t("Confirm")}
      onPropose={async (email) => setFlow(await withStepUp(() => myself.proposeRecovery({ email })))}
      onProve={async (code) => flow && onDone((await myself.proveRecovery({ flow: flow.flow, code })).email)}
      onAgain={again}
      onClose={onClose}
    />
  );
}
