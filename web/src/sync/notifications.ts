/** The list of notifications after something happened to mail, which the server tells a moment later. */
import type { QueryClient } from "@tanstack/react-query";
import { NOTIFICATIONS_KEY } from "../api/notifications";

/** Soon, and again for a server that has much to do. */
const LOOKS_MS = [700, 3_000, 8_000];

const waiting = new Map<number, ReturnType<typeof setTimeout>>();

/** Each look is asked for once, however much happens together. */
export function refreshNotifications(client: QueryClient): void {
  for (const ms of LOOKS_MS)
    if (!waiting.has(ms))
      waiting.set(
        ms,
        setTimeout(() => {
          waiting.delete(ms);
          void client.invalidateQueries({ queryKey: NOTIFICATIONS_KEY });
        }, ms),
      );
}
