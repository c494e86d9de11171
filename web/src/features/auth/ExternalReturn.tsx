import { useRouter } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { ApiError } from "../../api/error";
import { finishExternal } from "../../api/session";
import type { Problem } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Spinner } from "../../ui/Spinner";
import { notFromHere, takeKept } from "./external";
import { SecondFactor } from "./SecondFactor";
import { problemOf } from "./words";

/** Back from the organisation's log-in, with a code in the address. */
export function ExternalReturn() {
  const router = useRouter();
  const [kept] = useState(takeKept);
  const [asked, setAsked] = useState<Problem | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const goOn = () => router.history.replace(kept?.next ?? "/");
  const startOver = () => router.history.replace("/login");

  const finish = useEffectEvent(async () => {
    const given = new URLSearchParams(window.location.search);
    try {
      if (!kept) throw notFromHere();
      await finishExternal(kept.flow, given.get("state") ?? "", given.get("code") ?? "");
      goOn();
    } catch (error) {
      if (error instanceof ApiError && error.code === "mfa_required") setAsked(error.problem);
      else setProblem(problemOf(error));
    }
  });
  useEffect(() => void finish(), []);

  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-paper px-6 py-10">
      <div className="flex w-full max-w-[340px] flex-col gap-6 pb-[8vh]">
        <h1 className="font-serif text-[40px] leading-[48px] tracking-[-0.015em]">Posthouse</h1>
        {asked && <SecondFactor asked={asked} onSignedIn={goOn} onBack={startOver} />}
        {problem && (
          <>
            <Banner tone="danger" icon={CircleAlert}>
              {problem}
            </Banner>
            <Button onClick={startOver}>{t("Back to the log-in")}</Button>
          </>
        )}
        {!asked && !problem && <Spinner size={20} />}
      </div>
    </main>
  );
}
