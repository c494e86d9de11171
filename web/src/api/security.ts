/** The security page of the server: what one can get in with, adding to it, taking it away. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { PasskeyOptions, ProofMethod } from "./types";

export type Mfa = { is_on: boolean; has_totp: boolean; recovery_codes_left: number };

export type SessionRow = {
  id: string;
  kind: "api" | "browser" | "cookie";
  client: string;
  ip: string;
  created_at: string;
  last_used_at: string;
  has_second_factor: boolean;
  is_current: boolean;
};

export type PasskeyRow = { id: string; name: string; created_at: string; last_used_at: string | null };

export type TrustedBrowserRow = { id: string; client: string; ip: string; last_used_at: string; expires_at: string };

export type AppPasswordRow = {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  last_ip: string;
  last_protocol: string;
};

export type TokenRow = {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  last_ip: string;
};

export type MailClientRow = {
  id: string;
  protocol: "imap" | "smtp";
  kind: "password" | "app_password" | "token" | "session";
  credential_id: string | null;
  client: string;
  ip: string;
  connected_at: string;
  last_used_at: string;
};

export type ApplicationRow = {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  last_used_at: string | null;
};

export type Security = {
  mfa: Mfa;
  is_fresh: boolean;
  sessions: SessionRow[];
  passkeys: PasskeyRow[];
  trusted_browsers: TrustedBrowserRow[];
  app_passwords: AppPasswordRow[];
  tokens: TokenRow[];
  mail_clients: MailClientRow[];
  applications: ApplicationRow[];
};

export type Kind =
  | "sessions"
  | "passkeys"
  | "trusted-browsers"
  | "app-passwords"
  | "tokens"
  | "mail-clients"
  | "applications";
export type Codes = { recovery_codes: string[] };
export type Enrolment = { secret: string; uri: string };
export type Question = { challenge: string; options: PasskeyOptions };
export type StepUpQuestion = { challenge: string; methods: ProofMethod[]; passkey: PasskeyOptions | null };
export type Scope = { scope: string; description: string };

export const SECURITY_KEY = ["security"] as const;

export const securityQuery = queryOptions({
  queryKey: SECURITY_KEY,
  queryFn: ({ signal }) => api.get<Security>("/security/", { signal }),
  // Connected mail clients come and go by themselves.
  refetchInterval: 30_000,
});

export const scopesQuery = queryOptions({
  queryKey: ["security", "scopes"],
  queryFn: ({ signal }) => api.get<{ items: Scope[] }>("/security/scopes/", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const security = {
  revoke: (kind: Kind, id: string) => api.delete(`/security/${kind}/${id}/`),
  revokeAll: () => api.post("/security/revoke-all/", { keep_current: true }),
  beginTotp: () => api.post<Enrolment>("/security/totp/"),
  confirmTotp: (code: string) => api.post<Codes>("/security/totp/confirm/", { code }),
  removeTotp: () => api.delete("/security/totp/"),
  renewCodes: () => api.post<Codes>("/security/recovery-codes/"),
  askForPasskey: () => api.post<Question>("/security/passkeys/options/"),
  addPasskey: (challenge: string, credential: unknown, name: string) =>
    api.post<Codes>("/security/passkeys/", { challenge, credential, name }),
  addAppPassword: (name: string, scopes: string[]) =>
    api.post<{ id: string; password: string }>("/security/app-passwords/", { name, scopes }),
  addToken: (name: string, scopes: string[], days: number) =>
    api.post<{ id: string; token: string }>("/security/tokens/", { name, scopes, expires_in_days: days }),
  changePassword: (current: string, fresh: string) =>
    api.post("/auth/password/change/", { current_password: current, new_password: fresh }),
  askToStepUp: () => api.post<StepUpQuestion>("/auth/step-up/options/"),
  stepUp: (body: { [name: string]: unknown }) => api.post("/auth/step-up/", body),
};
