import { Clock, CloudOff, LoaderCircle, TriangleAlert } from "lucide-react";
import { textToShow } from "../../lib/chat-text";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import type { Pending } from "../../sync/chat-outbox";
import { discard, tryAgain } from "../../sync/chat-outbox";
import { useSyncStatus } from "../../sync/status";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { useMe } from "../shell/useMail";

/** A message that is not on the server yet, as it was written, and how it stands with it. */
export function PendingRow({ pending }: { pending: Pending }) {
  const me = useMe();
  return (
    <article data-key={pending.clientId} className="relative mt-2 flex gap-3 px-4 pt-1">
      <div className="w-9 shrink-0 pt-0.5">
        <Avatar person={{ name: me?.name ?? "", email: me?.id ?? "" }} size={36} />
      </div>
      <div className="min-w-0 flex-1 py-0.5">
        <p className="flex items-baseline gap-2">
          <span className="truncate text-sm font-semibold">{me?.name}</span>
          <State pending={pending} />
        </p>
        <p dir="auto" className="text-muted whitespace-pre-wrap [overflow-wrap:anywhere]">
          {textToShow(pending.body.text ?? "").shown}
        </p>
        {pending.files.length > 0 && (
          <p className="text-xs text-muted">{pending.files.map((one) => one.filename).join(", ")}</p>
        )}
        {pending.state === "failed" && (
          <p role="alert" className="mt-1 flex flex-wrap items-center gap-2 text-sm text-danger">
            {pending.problem}
            <Button size="small" onClick={() => tryAgain(pending.clientId)}>
              {t("Try again")}
            </Button>
            <Button size="small" kind="ghost" onClick={() => discard(pending.clientId)}>
              {t("Discard")}
            </Button>
          </p>
        )}
      </div>
    </article>
  );
}

function State({ pending }: { pending: Pending }) {
  const isLive = useSyncStatus(({ connection }) => connection === "live" || connection === "connecting");
  const [Icon, words] =
    pending.state === "failed"
      ? ([TriangleAlert, t("Not sent")] as const)
      : pending.state === "sending"
        ? ([LoaderCircle, t("Sending")] as const)
        : isLive
          ? ([Clock, t("Waiting to be sent")] as const)
          : ([CloudOff, t("Waiting for the network")] as const);
  return (
    <span className={cx("flex items-center gap-1 text-xs", pending.state === "failed" ? "text-danger" : "text-muted")}>
      <Icon size={13} aria-hidden />
      {words}
    </span>
  );
}
