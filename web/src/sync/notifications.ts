/** The list of notifications after something happened to mail, which the server tells a moment later. */
import type { QueryClient } from "@tanstack/react-query";
import { NOTIFICATIONS_KEY } from "../api/notifications";

const SOON_MS = 700;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Asked for once, however much happens together. */
export function refreshNotifications(client: QueryClient): void {
  clearTimeout(timer);
  timer = setTimeout(() => void client.invalidateQueries({ queryKey: NOTIFICATIONS_KEY }), SOON_MS);
}
