/** Starting the client: is there a session in the cookie? */
import { ApiError } from "../../api/error";
import { refreshSession, sessionUser } from "../../api/session";
import type { Me } from "../../api/types";

/** Who is signed in, null for nobody. Fails when the server cannot be reached, which says neither. */
export async function bootSession(): Promise<Me | null> {
  const known = sessionUser();
  if (known) return known;
  try {
    return (await refreshSession()).user;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}
