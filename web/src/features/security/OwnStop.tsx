import { useQuery } from "@tanstack/react-query";
import { myselfQuery } from "../../api/myself";
import { ownStop, sendingStopsQuery } from "../../api/sending";
import { t } from "../../lib/i18n";
import { Stop } from "../admin/Stops";
import { Card } from "../settings/Card";

/** What one has sent and what is held of it, until one says whether it was oneself. */
export function OwnStop() {
  const myself = useQuery(myselfQuery).data;
  const stop = ownStop(useQuery(sendingStopsQuery).data, myself?.id);
  if (!stop) return null;
  return (
    <Card
      title={t("What you send is held")}
      hint={t(
        "If you sent it, let it go. If not, discard it, choose another password, and end the sessions and mail programs below that you do not know.",
      )}
    >
      <div className="py-3">
        <Stop stop={stop} />
      </div>
    </Card>
  );
}
