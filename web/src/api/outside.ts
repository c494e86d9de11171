/** People who take part in a conversation by e-mail, and mail in their name that waits to be let in. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./call";
import type { Message } from "./chat";
import type * as Wire from "./generated/schema";

export type Outsider = Wire.OutsiderShape;
export type Mode = Wire.ModeEnum;
export type Held = Wire.HeldShape;
export type HeldCount = Wire.HeldCount;
export type NewOutsider = Wire.NewOutsiderRequest;
export type OutsiderChange = Wire.PatchedOutsiderChangeRequest;

export const outsideKeys = {
  all: ["outsiders"] as const,
  outsiders: (id: string) => ["outsiders", id] as const,
  held: (id: string) => ["held-mail", id] as const,
  heldCounts: ["held-mail-counts"] as const,
};

/** The stream says when somebody came, went or answered. */
export const outsidersQuery = (id: string) =>
  queryOptions({
    queryKey: outsideKeys.outsiders(id),
    queryFn: async ({ signal }) =>
      (await call("GET /api/v1/conversations/{conversation_id}/outside/", { path: { conversation_id: id }, signal }))
        .items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** One's own log says where mail came to be held, or was decided about (sync/chat-cache.ts). */
export const heldQuery = (id: string) =>
  queryOptions({
    queryKey: outsideKeys.held(id),
    queryFn: async ({ signal }) =>
      (
        await call("GET /api/v1/conversations/{conversation_id}/outside/held/", {
          path: { conversation_id: id },
          signal,
        })
      ).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** How much is held in each conversation that one administers. */
export const heldCountsQuery = queryOptions({
  queryKey: outsideKeys.heldCounts,
  queryFn: async ({ signal }) => (await call("GET /api/v1/conversations/held/", { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Whether a message says, or is itself, news of who takes part by e-mail. */
export function isAboutOutsiders({ event, author }: Pick<Message, "event" | "author">): boolean {
  return author.email !== null || String(event?.type ?? "").startsWith("outsider_");
}

const inside = (conversation_id: string) => ({ conversation_id });

export const outside = {
  invite: (id: string, body: NewOutsider) =>
    call("POST /api/v1/conversations/{conversation_id}/outside/", { path: inside(id), body }),
  change: (id: string, outsider_id: string, body: OutsiderChange) =>
    call("PATCH /api/v1/conversations/{conversation_id}/outside/{outsider_id}/", {
      path: { ...inside(id), outsider_id },
      body,
    }),
  remove: (id: string, outsider_id: string) =>
    call("DELETE /api/v1/conversations/{conversation_id}/outside/{outsider_id}/", {
      path: { ...inside(id), outsider_id },
    }),
  renew: (id: string, outsider_id: string) =>
    call("POST /api/v1/conversations/{conversation_id}/outside/{outsider_id}/renew/", {
      path: { ...inside(id), outsider_id },
    }),
  letIn: (id: string, held_id: string) =>
    call("POST /api/v1/conversations/{conversation_id}/outside/held/{held_id}/release/", {
      path: { ...inside(id), held_id },
    }),
  drop: (id: string, held_id: string) =>
    call("DELETE /api/v1/conversations/{conversation_id}/outside/held/{held_id}/", {
      path: { ...inside(id), held_id },
    }),
};
