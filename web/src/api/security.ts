/** The security page of the server: what one can get in with, adding to it, taking it away. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type * as Wire from "./generated/schema";
import type { PasskeyOptions, ProofMethod } from "./types";

export type Security = Wire.Security;
export type Enrolment = Wire.Enrolment;
export type Codes = Wire.RecoveryCodes;
type Question = Omit<Wire.Question, "options"> & { options: PasskeyOptions };
/** A method that this client does not know cannot be offered, so the names are closed here. */
type StepUpQuestion = Omit<Wire.StepUpQuestion, "methods" | "passkey"> & {
  methods: ProofMethod[];
  passkey: PasskeyOptions | null;
};

/** What the browser's authenticator gave is passed on unread. */
type Given<Body, Name extends keyof Body> = Omit<Body, Name> & { [name in Name]?: unknown };

/** What can be taken back, by the word that stands in its path. */
export type Kind =
  | "sessions"
  | "passkeys"
  | "trusted-browsers"
  | "app-passwords"
  | "tokens"
  | "mail-clients"
  | "applications"
  | "push-devices";

export const SECURITY_KEY = ["security"] as const;

export const securityQuery = queryOptions({
  queryKey: SECURITY_KEY,
  queryFn: ({ signal }) => api.get<Security>("/security/", { signal }),
  // Connected mail clients come and go by themselves.
  refetchInterval: 30_000,
});

export const scopesQuery = queryOptions({
  queryKey: ["security", "scopes"],
  queryFn: ({ signal }) => api.get<Wire.Scopes>("/security/scopes/", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const security = {
  revoke: (kind: Kind, id: string) => api.delete(`/security/${kind}/${id}/`),
  revokeAll: () => api.post("/security/revoke-all/", { keep_current: true } satisfies Wire.RevokeAllBodyRequest),
  beginTotp: () => api.post<Enrolment>("/security/totp/"),
  confirmTotp: (code: string) => api.post<Codes>("/security/totp/confirm/", { code } satisfies Wire.CodeBodyRequest),
  removeTotp: () => api.delete("/security/totp/"),
  renewCodes: () => api.post<Codes>("/security/recovery-codes/"),
  askForPasskey: () => api.post<Question>("/security/passkeys/options/"),
  addPasskey: (body: Given<Wire.PasskeyBodyRequest, "credential">) => api.post<Codes>("/security/passkeys/", body),
  namePasskey: (id: string, name: string) => api.patch(`/security/passkeys/${id}/name/`, { name }),
  addAppPassword: (body: Wire.AppPasswordBodyRequest) =>
    api.post<Wire.MadeAppPassword>("/security/app-passwords/", body),
  addToken: (body: Wire.TokenBodyRequest) => api.post<Wire.MadeToken>("/security/tokens/", body),
  changePassword: (body: Wire.PasswordChangeRequest) => api.post("/auth/password/change/", body),
  askToStepUp: () => api.post<StepUpQuestion>("/auth/step-up/options/"),
  stepUp: (body: Given<Wire.StepUpRequest, "passkey">) => api.post("/auth/step-up/", body),
};
