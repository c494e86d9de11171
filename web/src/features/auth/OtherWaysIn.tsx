import { useQuery } from "@tanstack/react-query";
import { t } from "../../lib/i18n";
import { EntryLink } from "./EntryLink";
import { offersQuery } from "./entrances";

/** Under the log-in: for whoever lost the password, and where that is open for whoever is new. */
export function OtherWaysIn() {
  const { data } = useQuery(offersQuery);
  return (
    <nav aria-label={t("Other ways in")} className="mt-6 flex flex-wrap gap-x-4 gap-y-1">
      <EntryLink to="/recover">{t("I forgot my password")}</EntryLink>
      {data && data.items.length > 0 && <EntryLink to="/signup">{t("Make an account")}</EntryLink>}
    </nav>
  );
}
