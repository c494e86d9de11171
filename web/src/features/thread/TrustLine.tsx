import { Check, Minus, ShieldAlert, ShieldCheck, ShieldQuestion, X } from "lucide-react";
import type { Authentication } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Popover } from "../../ui/Popover";

const LINK = "underline underline-offset-2 print:hidden";

/** Whether the sender is who they say: quiet where it is proved, plain where it is not and should be. */
export function TrustLine({ authentication }: { authentication: Authentication | null }) {
  if (!authentication || authentication.verdict === "unproved" || !authentication.domain) return null;
  const { verdict, domain } = authentication;
  if (verdict === "failed") {
    return (
      <div className="mt-3 flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm">
        <ShieldAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
        <p className="min-w-0 [overflow-wrap:anywhere]">
          <strong className="font-semibold">{t("This may not be from {domain}.", { domain })}</strong>{" "}
          {t("Open no links and send no money or passwords before you have asked in another way.")}{" "}
          <Why authentication={authentication} />
        </p>
      </div>
    );
  }
  const isProved = verdict === "proved";
  const Icon = isProved ? ShieldCheck : ShieldQuestion;
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
      <Icon size={13} aria-hidden className={isProved ? "text-ok" : undefined} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {isProved ? t("Proved to be from {domain}", { domain }) : t("Not proved to be from {domain}", { domain })}
      </span>
      <span aria-hidden className="print:hidden">
        ·
      </span>
      <Why authentication={authentication} />
    </p>
  );
}

function Why({ authentication }: { authentication: Authentication }) {
  const { verdict, domain, checks } = authentication;
  const question = verdict === "failed" ? t("Why is this here?") : t("What was checked?");
  return (
    <Popover
      label={question}
      className="w-[420px]"
      trigger={
        <button type="button" className={cx(LINK, verdict === "failed" ? "font-medium" : "hover:text-ink")}>
          {question}
        </button>
      }
    >
      <h3 className="text-sm font-semibold">{t("What was checked when it arrived")}</h3>
      <ul className="mt-2 space-y-2 text-sm select-text">
        {checks.map((check, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and two signatures may be alike
          <li key={index} className="flex gap-2">
            <Sign result={check.result} />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {check.text}
              <span className="block text-xs text-muted">
                {`${check.method.toUpperCase()}: ${check.result}`}
                {check.reason && `, ${check.reason}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {verdict === "failed" && (
        <p className="mt-3 border-t border-line pt-2 text-xs text-muted">
          {t("{domain} asks all servers to keep away mail that is not proved to be from it, so most file it in Junk.", {
            domain,
          })}
        </p>
      )}
    </Popover>
  );
}

function Sign({ result }: { result: string }) {
  const shape = "mt-0.5 shrink-0";
  if (result === "pass") return <Check size={16} aria-hidden className={`${shape} text-ok`} />;
  if (result === "fail") return <X size={16} aria-hidden className={`${shape} text-danger`} />;
  return <Minus size={16} aria-hidden className={`${shape} text-muted`} />;
}
