/** Whom one lets write, and what one shows of one's reading. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./call";
import type * as Wire from "./generated/schema";

export type ChatSettings = Wire.ChatSettings;
export type ChatSettingsChange = Wire.PatchedChatSettingsChangeRequest;
export type Blocked = Wire.Blocked;

export const chatSettingsQuery = queryOptions({
  queryKey: ["chat-settings"],
  queryFn: ({ signal }) => call("GET /api/v1/conversations/settings/", { signal }),
});

export const blocksQuery = queryOptions({
  queryKey: ["chat-blocks"],
  queryFn: async ({ signal }) => (await call("GET /api/v1/conversations/blocks/", { signal })).items,
});

export const privacy = {
  change: (body: ChatSettingsChange) => call("PATCH /api/v1/conversations/settings/", { body }),
  block: (user_id: string) => call("POST /api/v1/conversations/blocks/", { body: { user_id } }),
  unblock: (user_id: string) => call("DELETE /api/v1/conversations/blocks/{user_id}/", { path: { user_id } }),
};
