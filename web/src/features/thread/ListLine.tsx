import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Megaphone } from "lucide-react";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { leaveList, type WayOut, wayOutQuery } from "../../api/lists";
import type { Email } from "../../api/types";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showToast } from "../../ui/toasts";

const LINK = "font-medium text-ink underline underline-offset-2";

/** Mail to a list says how to leave it; where that is proved, or a mail will do, the server does it. */
export function ListLine({ email }: { email: Email }) {
  const { data } = useQuery({ ...wayOutQuery(email.id), enabled: email.list_unsubscribe !== null });
  if (!email.list_unsubscribe || !data?.way) return null;
  return (
    <span className="inline-flex items-center gap-1.5 print:hidden">
      <Megaphone size={13} aria-hidden />
      {t("Sent to a list")}
      <span aria-hidden>·</span>
      <Way emailId={email.id} wayOut={data} />
    </span>
  );
}

function Way({ emailId, wayOut }: { emailId: string; wayOut: WayOut }) {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const { way, target, page, left_at: leftAt } = wayOut;
  if (leftAt) return <span>{t("Unsubscribed {when}", { when: shortDate(leftAt) })}</span>;
  if (way === "page" && page)
    return (
      <a href={page} target="_blank" rel="noopener noreferrer" className={LINK}>
        {t("Unsubscribe")}
      </a>
    );
  const leave = async () => {
    setBusy(true);
    try {
      client.setQueryData(wayOutQuery(emailId).queryKey, await leaveList(emailId));
      await client.invalidateQueries({ queryKey: ["way-out"] });
      showToast({ message: t("Unsubscribed."), durationMs: 4_000 });
    } catch (error) {
      showToast({ message: messageOf(error), kind: "problem" });
    }
    setBusy(false);
    setAsking(false);
  };
  return (
    <>
      <button type="button" className={LINK} onClick={() => setAsking(true)}>
        {t("Unsubscribe")}
      </button>
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("Unsubscribe from this list")}
        width="narrow"
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{t("Cancel")}</Button>
            <Button kind="primary" isBusy={isBusy} onClick={() => void leave()}>
              {t("Unsubscribe")}
            </Button>
          </>
        }
      >
        <p className="text-base [overflow-wrap:anywhere]">
          {way === "mail"
            ? t("A mail from you goes to {target}.", { target })
            : t("{target} is told that you want no more of it. It learns nothing else of you.", { target })}
        </p>
        {page && (
          <p className="mt-2 text-sm">
            <a href={page} target="_blank" rel="noopener noreferrer" className={LINK}>
              {t("Open the list's own page instead")}
            </a>
          </p>
        )}
      </Dialog>
    </>
  );
}
