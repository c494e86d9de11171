/**
 * Who is signed in: the access token lives in memory only, the refresh token in a cookie that
 * scripts cannot read. Refreshing is single-flight, since the server rotates the cookie and takes
 * a second use of the old one for theft.
 */
import { errorFromResponse, offlineError } from "./error";
import type { Me, PasskeyOptions, Session } from "./types";

const SESSION_URL = "/api/v1/auth/session/";
const MFA_URL = "/api/v1/auth/session/mfa/";
const EXTERNAL_URL = "/api/v1/auth/session/external/";
const PASSKEY_URL = "/api/v1/auth/passkey/options/";
const REFRESH_URL = "/api/v1/auth/session/refresh/";
const CLIENT_HEADERS = { "X-Posthouse-Client": "web", "Content-Type": "application/json" };
const LOCK = "posthouse-refresh";

type Listener = (session: Session | null) => void;

let current: Session | null = null;
let refreshing: Promise<Session> | null = null;
const listeners = new Set<Listener>();

export function accessToken(): string | null {
  return current?.access || null;
}

export function sessionUser(): Me | null {
  return current?.user ?? null;
}

/** The organisation requires a second factor that this person has not set up. */
export function needsFactor(): boolean {
  return current?.needs_factor ?? false;
}

/** What the server answered to a change of oneself. */
export function replaceUser(changed: Me): void {
  if (current) settle({ ...current, user: changed });
}

/** Goes on as this person while the server cannot be reached; the first answer settles whether rightly. */
export function resumeOffline(user: Me): void {
  if (!current) settle({ access: "", user, needs_factor: false });
}

/** Hears every sign-in, refresh (with fresh `user`) and sign-out (null); at once if signed in already. */
export function onSession(listener: Listener): () => void {
  listeners.add(listener);
  if (current) listener(current);
  return () => listeners.delete(listener);
}

function settle(session: Session | null): void {
  current = session;
  for (const listener of listeners) listener(session);
}

async function call(url: string, method: string, body?: unknown): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: CLIENT_HEADERS,
    credentials: "same-origin",
    body: body === undefined ? null : JSON.stringify(body),
  }).catch(() => {
    throw offlineError();
  });
  if (!response.ok) throw await errorFromResponse(response);
  return response;
}

export async function signIn(email: string, password: string): Promise<Session> {
  const session = (await (await call(SESSION_URL, "POST", { email, password })).json()) as Session;
  settle(session);
  return session;
}

export type Proof = { totp: string } | { recovery_code: string } | { passkey: unknown };

/** The second half of signing in, or all of it by passkey. */
export async function finishSignIn(challenge: string, proof: Proof, trustBrowser = false): Promise<Session> {
  const body = { challenge, ...proof, trust_browser: trustBrowser };
  const session = (await (await call(MFA_URL, "POST", body)).json()) as Session;
  settle(session);
  return session;
}

/** Back from another provider's log-in. */
export async function finishExternal(flow: string, state: string, code: string): Promise<Session> {
  const session = (await (await call(EXTERNAL_URL, "POST", { flow, state, code })).json()) as Session;
  settle(session);
  return session;
}

/** Begins to sign in by passkey alone. */
export async function askForPasskey(): Promise<{ challenge: string; options: PasskeyOptions }> {
  return (await call(PASSKEY_URL, "POST")).json();
}

export async function signOut(): Promise<void> {
  try {
    await call(SESSION_URL, "DELETE");
  } finally {
    settle(null);
  }
}

/** A fresh access token from the cookie. 401 signs out; being offline does not. */
export function refreshSession(): Promise<Session> {
  refreshing ??= underLock(refreshNow).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function refreshNow(): Promise<Session> {
  try {
    const session = (await (await call(REFRESH_URL, "POST")).json()) as Session;
    settle(session);
    return session;
  } catch (error) {
    if (isSignedOut(error)) settle(null);
    throw error;
  }
}

function isSignedOut(error: unknown): boolean {
  return error !== null && typeof error === "object" && "status" in error && error.status === 401;
}

/** Tabs share one cookie, so they take turns. */
function underLock<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || !navigator.locks) return work();
  return navigator.locks.request(LOCK, work) as Promise<T>;
}
