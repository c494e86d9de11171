import { ChevronDown } from "lucide-react";
import { useId } from "react";
import type { Identity } from "../../api/types";
import { t } from "../../lib/i18n";
import { formatAddress } from "./addresses";
import { signedInUser } from "./ports";
import { changeContent } from "./saving";
import type { Composer } from "./session";
import { patchComposer } from "./state";
import { withSignature } from "./wire";

/** Shown only to those who may send as more than one. The signature changes with the identity. */
export function FromSelect({ composer }: { composer: Composer }) {
  const id = useId();
  const identities = signedInUser()?.identities ?? [];
  if (identities.length < 2) return null;
  const { key, content, revision } = composer;
  const change = (identity: Identity | undefined) => {
    if (!identity) return;
    const bodyHtml = withSignature(content.bodyHtml, identity.signature_html);
    changeContent(key, { identityId: identity.id, accountId: identity.account_id, bodyHtml });
    patchComposer(key, { revision: revision + 1 });
  };
  return (
    <div className="relative flex h-9 items-center gap-2 border-b border-line px-3">
      <label htmlFor={id} className="w-9 shrink-0 text-sm text-muted">
        {t("From")}
      </label>
      <select
        id={id}
        value={content.identityId ?? ""}
        onChange={(event) => change(identities.find((one) => one.id === event.target.value))}
        className="h-7 min-w-0 flex-1 appearance-none truncate rounded bg-transparent pr-6 text-base text-ink outline-offset-2"
      >
        {identities.map((one) => (
          <option key={one.id} value={one.id} className="bg-raised text-ink">
            {formatAddress(one)}
          </option>
        ))}
      </select>
      <ChevronDown size={16} aria-hidden className="pointer-events-none absolute right-3 text-muted" />
    </div>
  );
}
