import { KeyRound } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { askForPasskey, finishSignIn } from "../../api/session";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { canAutofillPasskeys, canUsePasskeys, getPasskey, wasCancelled } from "./passkeys";

/** A little less than the server keeps a question open. */
const CHALLENGE_MS = 240_000;

export type PasskeyButtonProps = { onSignedIn: () => void; onProblem: (error: unknown) => void };

/**
 * Logging in without a password. The browser also offers passkeys in the autofill of the address; only one question
 * can be open at a time, so the button first takes that one back.
 */
export function PasskeyButton({ onSignedIn, onProblem }: PasskeyButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const waiting = useRef<AbortController | null>(null);

  const enter = async (mediation: CredentialMediationRequirement) => {
    waiting.current?.abort();
    const stop = new AbortController();
    waiting.current = stop;
    const asked = await askForPasskey();
    const passkey = await getPasskey(asked.options, { mediation, signal: stop.signal });
    await finishSignIn(asked.challenge, { passkey });
    onSignedIn();
  };
  const offer = useEffectEvent(async () => {
    if (!isBusy && (await canAutofillPasskeys())) await enter("conditional").catch(() => undefined);
  });
  useEffect(() => {
    void offer();
    const again = window.setInterval(() => void offer(), CHALLENGE_MS);
    return () => {
      window.clearInterval(again);
      waiting.current?.abort();
    };
  }, []);

  if (!canUsePasskeys()) return null;
  const press = async () => {
    setBusy(true);
    try {
      await enter("optional");
    } catch (error) {
      if (!wasCancelled(error)) onProblem(error);
    }
    setBusy(false);
  };
  return (
    <Button isBusy={isBusy} className="mt-3 h-9 w-full" onClick={() => void press()}>
      <KeyRound size={16} aria-hidden />
      {t("Use a passkey instead")}
    </Button>
  );
}
