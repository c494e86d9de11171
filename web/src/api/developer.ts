/** What those who write programs need: webhooks, OAuth clients, how large and how many things may be. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, requestResponse } from "./client";
import type * as Wire from "./generated/schema";

export type Webhook = Wire.Webhook;
export type Delivery = Wire.WebhookDelivery;
export type DeliveryState = Wire.WebhookDeliveryStateEnum;
export type OAuthClient = Wire.OAuthClientRow;

const DELIVERIES_PAGE = 25;
const SOON_MS = 2_000;
const LATER_MS = 30_000;

export const WEBHOOKS_KEY = ["webhooks"] as const;
export const CLIENTS_KEY = ["oauth-clients"] as const;

export const webhooksQuery = queryOptions({
  queryKey: WEBHOOKS_KEY,
  queryFn: ({ signal }) => api.get<Wire.Webhooks>("/webhooks/", { signal }),
});

export const eventKindsQuery = queryOptions({
  queryKey: ["webhook-events"],
  queryFn: ({ signal }) => api.get<Wire.EventKinds>("/webhooks/events/", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: [...WEBHOOKS_KEY, id],
    queryFn: ({ signal }) => api.get<Webhook>(`/webhooks/${id}/`, { signal }),
  });

/** Looked at again while something is still being tried. */
export const deliveriesQuery = (id: string, state: DeliveryState | "") =>
  infiniteQueryOptions({
    queryKey: [...WEBHOOKS_KEY, id, "deliveries", state],
    queryFn: ({ pageParam, signal }) =>
      api.get<Wire.WebhookDeliveries>(`/webhooks/${id}/deliveries/`, {
        query: { state: state || null, limit: DELIVERIES_PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state: { data } }) => lookAgainMs(data?.pages[0]?.items ?? [], Date.now()),
  });

/** Soon while one is tried now, later where the next try is some time off, and not when nothing waits. */
export function lookAgainMs(deliveries: readonly Delivery[], now: number): number | false {
  const pending = deliveries.filter((one) => one.state === "pending");
  if (pending.length === 0) return false;
  // While a first try is under way, `next_attempt_at` is when it would be given up for lost.
  const isSoon = ({ attempts, next_attempt_at }: Delivery) =>
    attempts === 0 || !next_attempt_at || new Date(next_attempt_at).getTime() < now + 2 * SOON_MS;
  return pending.some(isSoon) ? SOON_MS : LATER_MS;
}

/** `attempts` is part of the key: a further try is something else to be shown. */
export const deliveryQuery = (webhookId: string, { id, state, attempts }: Delivery) =>
  queryOptions({
    queryKey: [...WEBHOOKS_KEY, webhookId, "delivery", id, state, attempts],
    queryFn: ({ signal }) =>
      api.get<Wire.WebhookDeliveryInFull>(`/webhooks/${webhookId}/deliveries/${id}/`, { signal }),
  });

export const clientsQuery = queryOptions({
  queryKey: CLIENTS_KEY,
  queryFn: ({ signal }) => api.get<Wire.OAuthClientList>("/oauth/clients/", { signal }),
});

export type Bounds = Wire.Limits & { policy: string };

/** Of the answer also the head that tells how many requests one has. */
export const limitsQuery = queryOptions({
  queryKey: ["limits"],
  queryFn: async ({ signal }): Promise<Bounds> => {
    const response = await requestResponse("GET", "/limits/", { signal });
    return { ...((await response.json()) as Wire.Limits), policy: response.headers.get("RateLimit-Policy") ?? "" };
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const developer = {
  addWebhook: (body: Wire.NewWebhookRequest) => api.post<Wire.WebhookWithSecret>("/webhooks/", body),
  changeWebhook: (id: string, body: Wire.PatchedWebhookChangeRequest) => api.patch<Webhook>(`/webhooks/${id}/`, body),
  removeWebhook: (id: string) => api.delete(`/webhooks/${id}/`),
  rotate: (id: string, body: Wire.RotationRequest) => api.post<Wire.WebhookWithSecret>(`/webhooks/${id}/rotate/`, body),
  test: (id: string) => api.post<Delivery>(`/webhooks/${id}/test/`),
  replay: (id: string, deliveryId: string) => api.post<Delivery>(`/webhooks/${id}/deliveries/${deliveryId}/replay/`),
  addClient: (body: Wire.OAuthClientBodyRequest) => api.post<Wire.MadeOAuthClient>("/oauth/clients/", body),
  removeClient: (id: string) => api.delete(`/oauth/clients/${id}/`),
};
