import { Cloud, CloudOff, RefreshCw } from "lucide-react";
import { cx } from "../../lib/classes";
import { plural, t } from "../../lib/i18n";
import { useSyncStatus } from "../../sync/status";
import { Tooltip } from "../../ui/Tooltip";
import { useOutboxCount } from "../composer/outbox";

/** Whether what is on screen is what the server has, in a word or two. */
export function SyncSign({ isFolded }: { isFolded: boolean }) {
  const { connection, waitingActs } = useSyncStatus();
  const waitingMails = useOutboxCount();
  const waiting = connection === "live" ? waitingMails : waitingActs + waitingMails;
  const isWell = connection === "live" || connection === "connecting";
  const Icon = connection === "offline" ? CloudOff : isWell ? Cloud : RefreshCw;
  const states = {
    live: t("Synced"),
    connecting: t("Connecting"),
    reconnecting: t("Reconnecting"),
    offline: t("Offline"),
  };
  const words =
    waiting > 0 ? `${states[connection]}, ${plural(waiting, "{n} waiting", "{n} waiting")}` : states[connection];
  return (
    <Tooltip
      label={isWell ? t("What you see is what the server has") : t("What you do is kept and sent later")}
      side="right"
    >
      <p
        role="status"
        className={cx(
          "flex items-center gap-2 text-xs",
          isFolded ? "justify-center p-1" : "px-2.5 pb-1.5",
          isWell ? "text-muted" : "text-warn",
        )}
      >
        <Icon
          size={13}
          aria-hidden
          className={connection === "reconnecting" ? "animate-spin [animation-duration:2s]" : ""}
        />
        <span className={isFolded ? "sr-only" : ""}>{words}</span>
      </p>
    </Tooltip>
  );
}
