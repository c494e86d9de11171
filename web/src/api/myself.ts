/** Oneself as colleagues see one, one's addresses, and the way back in. */
import { queryOptions } from "@tanstack/react-query";
import { api, upload } from "./client";
import type * as Wire from "./generated/schema";

export type Myself = Wire.MyselfShape;
export type MyselfChange = Wire.PatchedMyselfChangeRequest;
export type Notifications = Wire.Notifications;

export const myselfQuery = queryOptions({
  queryKey: ["myself"],
  queryFn: ({ signal }) => api.get<Myself>("/users/me/", { signal }),
  // The picture's address is signed for an hour or two.
  staleTime: 10 * 60_000,
  refetchInterval: 40 * 60_000,
});

export const addressesQuery = (userId: string) =>
  queryOptions({
    queryKey: ["myself", "addresses"],
    queryFn: ({ signal }) => api.get<Wire.OwnAddresses>(`/users/${userId}/addresses/`, { signal }),
  });

export const recoveryQuery = queryOptions({
  queryKey: ["myself", "recovery"],
  queryFn: ({ signal }) => api.get<Wire.RecoveryAddressShape>("/users/me/recovery-address/", { signal }),
});

export const myself = {
  change: (changes: MyselfChange) => api.patch<Myself>("/users/me/", changes),
  setPicture: (userId: string, picture: Blob) => upload<Wire.UserShape>(`/users/${userId}/avatar/`, picture),
  removePicture: (userId: string) => api.delete(`/users/${userId}/avatar/`),
  addAddress: (userId: string, email: string) =>
    api.post<Wire.OwnAddress>(`/users/${userId}/addresses/`, { email } satisfies Wire.NewAddressRequest),
  removeAddress: (userId: string, id: string) => api.delete(`/users/${userId}/addresses/${id}/`),
  choosePrimary: (userId: string, id: string) =>
    api.post<Wire.OwnAddresses>(`/users/${userId}/addresses/${id}/primary/`),
  proposeRecovery: (body: Wire.AddressAskRequest) => api.post<Wire.Flow>("/users/me/recovery-address/", body),
  proveRecovery: (body: Wire.AddressProofRequest) =>
    api.post<Wire.RecoveryAddressShape>("/users/me/recovery-address/confirm/", body),
  forgetRecovery: () => api.delete("/users/me/recovery-address/"),
  sendCodeAgain: (flow: string) => api.post<Wire.Flow>("/auth/codes/resend/", { flow } satisfies Wire.FlowOnlyRequest),
};
