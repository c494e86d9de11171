import { Cloud, CloudOff, RefreshCw } from "lucide-react";
import { cx } from "../../lib/classes";
import { plural, t } from "../../lib/i18n";
import type { Connection } from "../../sync/status";
import { useSyncStatus } from "../../sync/status";
import { Tooltip } from "../../ui/Tooltip";
import { useOutboxCount } from "../composer/outbox";

const ICONS = { live: Cloud, connecting: Cloud, reconnecting: RefreshCw, offline: CloudOff };

type Sync = { connection: Connection; isWell: boolean; waiting: number; words: string };

function useSync(): Sync {
  const { connection, waitingActs } = useSyncStatus();
  const waitingMails = useOutboxCount();
  const waiting = connection === "live" ? waitingMails : waitingActs + waitingMails;
  const isWell = connection === "live" || connection === "connecting";
  const states = {
    live: t("Synced"),
    connecting: t("Connecting"),
    reconnecting: t("Reconnecting"),
    offline: t("Offline"),
  };
  const words =
    waiting > 0 ? `${states[connection]}, ${plural(waiting, "{n} waiting", "{n} waiting")}` : states[connection];
  return { connection, isWell, waiting, words };
}

function SyncIcon({ connection }: { connection: Connection }) {
  const Icon = ICONS[connection];
  const turns = connection === "reconnecting" ? "animate-spin [animation-duration:2s]" : "";
  return <Icon size={13} aria-hidden className={cx("shrink-0", turns)} />;
}

/** On a phone, where the rail is out of sight: only what one should know. */
export function SyncNote() {
  const { connection, isWell, waiting, words } = useSync();
  return (
    <p role="status" className="flex min-w-0 items-center gap-1.5 text-xs text-warn">
      {(!isWell || waiting > 0) && (
        <>
          <SyncIcon connection={connection} />
          <span className="truncate">{words}</span>
        </>
      )}
    </p>
  );
}

/** Whether what is on screen is what the server has, in a word or two. */
export function SyncSign({ isFolded }: { isFolded: boolean }) {
  const { connection, isWell, words } = useSync();
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
        <SyncIcon connection={connection} />
        <span className={isFolded ? "sr-only" : ""}>{words}</span>
      </p>
    </Tooltip>
  );
}
