import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { type Webhook, webhooksQuery } from "../../api/developer";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Waiting } from "../settings/Waiting";
import { shortUrl, stateOf, TONES } from "./hooks";
import { SecretDialog } from "./SecretDialog";
import { WebhookDialog } from "./WebhookDialog";

export function Webhooks({ mayHearAll, mayHearOwn }: { mayHearAll: boolean; mayHearOwn: boolean }) {
  const { data, error, refetch } = useQuery(webhooksQuery);
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {data.items.length > 0 && (
        <ul aria-label={t("Webhooks")}>
          {data.items.map((one) => (
            <Hook key={one.id} hook={one} />
          ))}
        </ul>
      )}
      <div className={cx("flex items-center gap-3 py-3", data.items.length > 0 && "border-t border-line")}>
        <Button onClick={() => setOpen(true)}>{t("Add a webhook")}</Button>
        {data.items.length === 0 && <p className="text-sm text-muted">{t("None yet.")}</p>}
      </div>
      {isOpen && (
        <WebhookDialog
          hook={null}
          scopes={[...(mayHearOwn ? (["me"] as const) : []), ...(mayHearAll ? (["organisation"] as const) : [])]}
          onClose={() => setOpen(false)}
          onDone={(made) => {
            setOpen(false);
            if (made) setSecret(made);
          }}
        />
      )}
      <SecretDialog
        title={t("The webhook's secret")}
        secret={secret}
        note={t("Check with it that what you are told comes from here. It is not shown again.")}
        onClose={() => setSecret(null)}
      />
    </>
  );
}

function Hook({ hook }: { hook: Webhook }) {
  const { words, tone } = stateOf(hook);
  return (
    <li className="border-t border-line first:border-t-0">
      <Link
        to="/settings/developer/webhooks/$webhookId"
        params={{ webhookId: hook.id }}
        className="-mx-2 flex items-center gap-3 rounded px-2 py-2.5 hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{hook.description || shortUrl(hook.url)}</span>
          <span className="block truncate text-sm text-muted">
            {[
              hook.description ? shortUrl(hook.url) : "",
              hook.scope === "organisation" ? t("everybody's mail") : "",
              hook.events.join(", "),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </span>
        <span className={cx("shrink-0 text-sm font-medium", TONES[tone])}>{words}</span>
        <ChevronRight size={16} aria-hidden className="shrink-0 text-muted" />
      </Link>
    </li>
  );
}
