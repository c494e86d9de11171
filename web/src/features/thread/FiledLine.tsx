import { Link } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import type { Email } from "../../api/types";
import { t } from "../../lib/i18n";

/** Which rule put an e-mail where it is. */
export function FiledLine({ filing }: { filing: Email["filed_by"] }) {
  if (!filing) return null;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 print:hidden">
      <ListFilter size={13} aria-hidden className="shrink-0" />
      {filing.name === null ? (
        t("Filed by a rule that is gone")
      ) : (
        <>
          <span className="shrink-0">{t("Filed by the rule")}</span>
          <Link
            to="/settings/rules/$ruleId"
            params={{ ruleId: filing.rule_id }}
            className="truncate font-medium text-ink underline underline-offset-2"
          >
            {filing.name}
          </Link>
        </>
      )}
    </span>
  );
}
