/** Logging in by another provider: away from here and back again, with what ties the two together kept in between. */
import { ApiError } from "../../api/error";
import type { ExternalChoice } from "../../api/generated/schema";
import { callOpen } from "../../api/open";
import { wantedPath } from "./wanted";

const KEY = "posthouse-external-login";

export type Provider = ExternalChoice;
type Kept = { flow: string; next: string };

/** The domain of an address that looks finished; null for half of one. */
export function domainOf(email: string): string | null {
  return /^\s*[^\s@]+@([^\s@]+\.[a-z]{2,})\s*$/i.exec(email)?.[1]?.toLowerCase() ?? null;
}

export async function providersFor(email: string): Promise<Provider[]> {
  return (await callOpen("POST /api/v1/auth/external/", { email })).items;
}

/** Leaves this page. */
export async function leaveFor(provider: Provider): Promise<void> {
  const begun = await callOpen("POST /api/v1/auth/external/begin/", { provider_id: provider.id });
  const kept: Kept = { flow: begun.flow, next: wantedPath(window.location.search) };
  sessionStorage.setItem(KEY, JSON.stringify(kept));
  window.location.assign(begun.redirect_to);
}

/** What was kept when we left, once; null for somebody who did not leave from here. */
export function takeKept(): Kept | null {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (!text) return null;
  try {
    const kept = JSON.parse(text) as Partial<Kept>;
    return typeof kept.flow === "string" && typeof kept.next === "string" ? { flow: kept.flow, next: kept.next } : null;
  } catch {
    return null;
  }
}

export const notFromHere = () =>
  new ApiError(400, { code: "external_login_failed", detail: "This log-in was not begun in this window." });
