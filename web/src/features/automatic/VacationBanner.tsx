import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Palmtree } from "lucide-react";
import { vacationQuery } from "../../api/automatic";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";

/** Above one's own list while those who write are answered, so that nobody forgets to switch it off. */
export function VacationBanner({ accountId }: { accountId: string }) {
  const { data } = useQuery(vacationQuery);
  if (!data?.is_active || data.account_id !== accountId) return null;
  return (
    <p role="status" className="flex min-h-9 items-center gap-2 border-b border-line bg-sunken px-3 text-sm">
      <Palmtree size={16} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">
        {data.until_at
          ? t("You are away: mail is answered until {when}", { when: shortDate(data.until_at) })
          : t("You are away: mail is answered")}
      </span>
      <Link
        to="/settings/$section"
        params={{ section: "answers" }}
        hash="vacation"
        className="shrink-0 font-medium text-accent underline-offset-2 hover:underline"
      >
        {t("Change")}
      </Link>
    </p>
  );
}
