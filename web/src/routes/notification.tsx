/** Where a device leads: what the notification is of. */
import { createRoute, useNavigate } from "@tanstack/react-router";
import { BellOff } from "lucide-react";
import { useEffect, useState } from "react";
import { notifications } from "../api/notifications";
import { placeOf } from "../features/notifications/place";
import { t } from "../lib/i18n";
import { EmptyState } from "../ui/EmptyState";
import { appRoute } from "./app";

export const notificationRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/notifications/$notificationId",
  component: Leading,
});

function Leading() {
  const { notificationId } = notificationRoute.useParams();
  const navigate = useNavigate();
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    const lead = async () => {
      const one = await notifications.one(notificationId);
      if (!one.is_read) void notifications.mark(one.id, true).catch(() => undefined);
      await navigate({ href: placeOf(one) ?? "/mail/inbox", replace: true });
    };
    lead().catch(() => setGone(true));
  }, [notificationId, navigate]);
  return isGone ? <EmptyState icon={BellOff} title={t("This notification is not there any more")} isPage /> : null;
}
