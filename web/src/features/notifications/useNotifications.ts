/** The list, and reading what is on it: shown at once, put right by the server. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { messageOf } from "../../api/error";
import {
  NOTIFICATIONS_KEY,
  type Notification,
  type NotificationPage,
  notifications,
  notificationsQuery,
} from "../../api/notifications";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { placeOf, withRead } from "./place";

export function useNotifications() {
  return useQuery(notificationsQuery);
}

export function useReading() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const read = async (isMeant: (one: Notification) => boolean, act: () => Promise<unknown>) => {
    client.setQueryData<NotificationPage>(NOTIFICATIONS_KEY, (page) => page && withRead(page, isMeant));
    try {
      await act();
    } catch (error) {
      showToast({ message: t("Not marked as read. {why}", { why: messageOf(error) }), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: NOTIFICATIONS_KEY });
  };
  return {
    all: (upto: string) =>
      read(
        () => true,
        () => notifications.markAllRead(upto),
      ),
    open: (one: Notification) => {
      const place = placeOf(one);
      if (place) void navigate({ href: place });
      if (!one.is_read)
        void read(
          ({ id }) => id === one.id,
          () => notifications.mark(one.id, true),
        );
    },
  };
}
