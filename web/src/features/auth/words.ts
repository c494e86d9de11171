/** What went wrong in proving who one is, in words for people. */
import { ApiError, messageOf } from "../../api/error";
import { plural, t } from "../../lib/i18n";

export function problemOf(error: unknown): string {
  if (!(error instanceof ApiError)) return messageOf(error);
  if (error.code === "invalid_credentials") return t("That e-mail address and password do not belong together.");
  if (error.code === "invalid_code" || error.code === "wrong_proof")
    return t("That was not right, or was used before. A code of the app changes every half minute.");
  if (error.code !== "too_many_attempts") return messageOf(error);
  const minutes = Math.max(1, Math.ceil((error.retryAfterSeconds ?? 60) / 60));
  return plural(minutes, "Too many attempts. Try again in {n} minute.", "Too many attempts. Try again in {n} minutes.");
}
