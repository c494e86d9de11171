import { Check, Minus, X } from "lucide-react";
import type { Authentication } from "../../api/types";
import { t } from "../../lib/i18n";

/** What SPF, DKIM, DMARC and ARC said, in plain words, each with its own name below. */
export function Checks({ authentication: { verdict, domain, checks } }: { authentication: Authentication }) {
  return (
    <>
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
      {verdict === "failed" && domain && (
        <p className="mt-2 text-xs text-muted">
          {t("{domain} asks all servers to keep away mail that is not proved to be from it, so most file it in Junk.", {
            domain,
          })}
        </p>
      )}
    </>
  );
}

function Sign({ result }: { result: string }) {
  const shape = "mt-0.5 shrink-0";
  if (result === "pass") return <Check size={16} aria-hidden className={`${shape} text-ok`} />;
  if (result === "fail") return <X size={16} aria-hidden className={`${shape} text-danger`} />;
  return <Minus size={16} aria-hidden className={`${shape} text-muted`} />;
}
