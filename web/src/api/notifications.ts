/** What one is told: the list, what one chose to hear of, the devices that are pushed to, and why. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type * as Wire from "./generated/schema";

export type Notification = Wire.NotificationShape;
export type NotificationPage = Wire.NotificationPage;
export type Choices = Wire.NotificationSettings;
export type ChoicesChange = Wire.PatchedNotificationSettingsChangeRequest;
export type QuietSpan = Wire.QuietSpan;
export type Rule = Wire.NotificationRule;
export type NewRule = Wire.NewNotificationRuleRequest;
export type Device = Wire.PushDevice;
export type Decision = Wire.NotificationDecision;

export const NOTIFICATIONS_KEY = ["notifications"] as const;
export const CHOICES_KEY = ["notification-settings"] as const;
export const RULES_KEY = ["notification-rules"] as const;
export const DEVICES_KEY = ["push-devices"] as const;

const SHOWN = 30;
/** News is told by the stream; this only repairs what was missed. */
const REPAIR_MS = 60_000;

export const notificationsQuery = queryOptions({
  queryKey: NOTIFICATIONS_KEY,
  queryFn: ({ signal }) => api.get<NotificationPage>("/notifications/", { query: { limit: SHOWN }, signal }),
  refetchOnWindowFocus: true,
  refetchInterval: REPAIR_MS,
});

export const choicesQuery = queryOptions({
  queryKey: CHOICES_KEY,
  queryFn: ({ signal }) => api.get<Choices>("/notifications/settings/", { signal }),
});

export const rulesQuery = queryOptions({
  queryKey: RULES_KEY,
  queryFn: ({ signal }) => api.get<Wire.NotificationRules>("/notifications/rules/", { signal }),
});

export const devicesQuery = queryOptions({
  queryKey: DEVICES_KEY,
  queryFn: ({ signal }) => api.get<Wire.PushDevices>("/notifications/devices/", { signal }),
});

export const decisionsQuery = infiniteQueryOptions({
  queryKey: ["notification-decisions"],
  queryFn: ({ pageParam, signal }) =>
    api.get<Wire.NotificationDecisions>("/notifications/decisions/", {
      query: { limit: 20, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

export const notifications = {
  one: (id: string) => api.get<Notification>(`/notifications/${id}/`),
  mark: (id: string, isRead: boolean) => api.patch<Notification>(`/notifications/${id}/`, { is_read: isRead }),
  markAllRead: (upto: string) => api.post<Wire.Marked>("/notifications/mark_all_read/", { upto }),
  change: (changes: ChoicesChange) => api.patch<Choices>("/notifications/settings/", changes),
  putRule: (rule: NewRule) => api.post<Rule>("/notifications/rules/", rule),
  deleteRule: (id: string) => api.delete(`/notifications/rules/${id}/`),
  addDevice: (body: Wire.NewPushDeviceRequest) => api.post<Device>("/notifications/devices/", body),
  removeDevice: (id: string) => api.delete(`/notifications/devices/${id}/`),
  testDevice: (id: string) => api.post(`/notifications/devices/${id}/test/`),
};
