import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import type { Authentication } from "../../api/types";
import { t } from "../../lib/i18n";

/** Whether the sender is who they say, where that is known. */
export function TrustLine({ authentication }: { authentication: Authentication | null }) {
  if (!authentication?.domain || (authentication.verdict !== "proved" && authentication.verdict !== "doubtful"))
    return null;
  const { verdict, domain } = authentication;
  const isProved = verdict === "proved";
  const Icon = isProved ? ShieldCheck : ShieldQuestion;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <Icon size={13} aria-hidden className={isProved ? "shrink-0 text-ok" : "shrink-0"} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {isProved ? t("Proved to be from {domain}", { domain }) : t("Not proved to be from {domain}", { domain })}
      </span>
    </span>
  );
}

/** What must be read before the mail is believed: its sender's domain says that it is not from there. */
export function ForgeryWarning({ authentication }: { authentication: Authentication | null }) {
  if (authentication?.verdict !== "failed" || !authentication.domain) return null;
  return (
    <div className="mt-3 flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm">
      <ShieldAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <p className="min-w-0 [overflow-wrap:anywhere]">
        <strong className="font-semibold">
          {t("This may not be from {domain}.", { domain: authentication.domain })}
        </strong>{" "}
        {t("Open no links and send no money or passwords before you have asked in another way.")}
      </p>
    </div>
  );
}
