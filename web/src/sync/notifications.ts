/** The list of notifications by what the stream tells of it: the list is small, so it is read again. */
import type { QueryClient } from "@tanstack/react-query";
import { NOTIFICATIONS_KEY } from "../api/notifications";
import type { Told } from "./told";

/** Asks to be told; said each time the line opens, since something may have been missed. */
export const notificationsMessage = () => ({ type: "notifications" });

export function takeNotifications(client: QueryClient, told: Told): void {
  if (told.type === "notifications") void client.invalidateQueries({ queryKey: NOTIFICATIONS_KEY });
}
