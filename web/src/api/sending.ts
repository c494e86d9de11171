/** Whose mail is held since it looks like a thief's: one's own, and for administrators everybody's. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./call";
import type { StopShape } from "./generated/schema";

export const sendingStopsQuery = queryOptions({
  queryKey: ["organisation", "sending-stops"],
  queryFn: async ({ signal }) => (await call("GET /api/v1/sending/stops/", { signal })).items,
  staleTime: 60_000,
});

export function ownStop(stops: readonly StopShape[] | undefined, userId: string | undefined): StopShape | null {
  return stops?.find((one) => one.user_id === userId && one.ended_at === null) ?? null;
}
