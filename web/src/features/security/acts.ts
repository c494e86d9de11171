/** An act on the security page: step-up where it is asked for, the page afresh afterwards, a word when it fails. */
import { useQueryClient } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import { SECURITY_KEY } from "../../api/security";
import { showToast } from "../../ui/toasts";
import { wasCancelled } from "../auth/passkeys";
import { NotProven, withStepUp } from "./stepUp";

/** Gives what the server gave, or null when it was not done; then the person knows why. */
export function useAct(): <T>(act: () => Promise<T>, done?: string) => Promise<T | null> {
  const client = useQueryClient();
  return async (act, done) => {
    try {
      const given = await withStepUp(act);
      if (done) showToast({ message: done, durationMs: 4_000 });
      return given;
    } catch (error) {
      if (!(error instanceof NotProven) && !wasCancelled(error))
        showToast({ message: messageOf(error), kind: "problem" });
      return null;
    } finally {
      void client.invalidateQueries({ queryKey: SECURITY_KEY });
    }
  };
}
