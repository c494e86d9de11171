/** Coming in without an account or without its password: what is asked of the server, in the words of openapi.json. */
import { queryOptions } from "@tanstack/react-query";
import { ApiError } from "../../api/error";
import type { AcceptanceRequest, SignUpProofRequest, SignUpRequest } from "../../api/generated/schema";
import { callOpen } from "../../api/open";
import { signIn } from "../../api/session";
import type { Problem } from "../../api/types";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";

export const offersQuery = queryOptions({
  queryKey: ["sign-up-offers"],
  queryFn: () => callOpen("GET /api/v1/auth/signup/"),
  staleTime: 60_000,
  retry: false,
});

export const entrances = {
  signUp: (body: SignUpRequest) => callOpen("POST /api/v1/auth/signup/", body),
  prove: (body: SignUpProofRequest) => callOpen("POST /api/v1/auth/signup/verify/", body),
  sendAgain: (flow: string) => callOpen("POST /api/v1/auth/codes/resend/", { flow }),
  look: (token: string) => callOpen("POST /api/v1/invitations/look/", { token }),
  accept: (body: AcceptanceRequest) => callOpen("POST /api/v1/invitations/accept/", body),
  recover: (email: string) => callOpen("POST /api/v1/auth/recovery/", { email }),
  choosePassword: (flow: string, code: string, password: string) =>
    callOpen("POST /api/v1/auth/recovery/confirm/", { flow, code, password }),
};

/** Refusals of a password name no field of themselves. */
export const PASSWORD_CODES = {
  bad_password: "password",
  common_password: "password",
  guessable_password: "password",
};

/** What every password must be, before an organisation asks for more (`MIN_PASSWORD` of the server). */
export const LEAST_PASSWORD = 8;

/** The first half of an address, and which domain it is in. */
export function addressOf(local: string, domain: string): string {
  return `${local.trim()}@${domain}`;
}

/** `asked` is the second factor's question; without one the log-in page must do. */
export type Entry = { isIn: true } | { isIn: false; asked: Problem | null };

/** Logs in with what was just chosen. It is chosen for good by then, so nothing here may look as if it had failed. */
export async function enterWith(email: string, password: string): Promise<Entry> {
  try {
    await signIn(email, password);
    return { isIn: true };
  } catch (error) {
    const isFactor = error instanceof ApiError && error.code === "mfa_required";
    if (!isFactor) showToast({ message: t("It is done. Log in with what you have chosen.") });
    return { isIn: false, asked: isFactor ? error.problem : null };
  }
}
