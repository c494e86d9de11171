import { useQueryClient } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import { messageOf } from "../../api/error";
import { keys } from "../../api/queries";
import type { Email } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { usePreferences } from "../settings/usePreferences";

/** That somebody wants to hear that this was read: asked, and told nothing without a word. */
export function ReceiptLine({ email }: { email: Email }) {
  const client = useQueryClient();
  const { read_receipts } = usePreferences();
  const [isBusy, setBusy] = useState(false);
  const { receipt_to: to, id, thread_id } = email;
  if (!to || read_receipts === "never") return null;
  const answer = async (given: "send" | "decline") => {
    setBusy(true);
    try {
      await call("POST /api/v1/emails/{email_id}/receipt/", { path: { email_id: id }, body: { answer: given } });
      if (given === "send") showToast({ message: t("{who} is told that you have read it.", { who: to }) });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: keys.thread(thread_id) });
    setBusy(false);
  };
  return (
    <Banner
      icon={MailCheck}
      className="mt-3 print:hidden"
      actions={
        <>
          <Button size="small" disabled={isBusy} onClick={() => void answer("decline")}>
            {t("Do not tell")}
          </Button>
          <Button size="small" isBusy={isBusy} onClick={() => void answer("send")}>
            {t("Send a receipt")}
          </Button>
        </>
      }
    >
      {t("{who} asks to be told that you have read this.", { who: to })}
    </Banner>
  );
}
