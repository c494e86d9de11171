import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import { myselfQuery } from "../../api/myself";
import { ownStop, sendingStopsQuery } from "../../api/sending";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";

/** At the head of one's mail while what one sends is held. */
export function HeldLine() {
  const myself = useQuery(myselfQuery).data;
  const stops = useQuery(sendingStopsQuery).data;
  if (!ownStop(stops, myself?.id)) return null;
  return (
    <Banner
      tone="warn"
      icon={ShieldAlert}
      className="mx-3 my-2"
      actions={
        <Link
          to="/settings/$section"
          params={{ section: "security" }}
          className="shrink-0 font-medium underline underline-offset-2"
        >
          {t("Decide")}
        </Link>
      }
    >
      {t("What you send is held, since it looks as if somebody else were sending.")}
    </Banner>
  );
}
