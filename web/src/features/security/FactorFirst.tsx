import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { securityQuery } from "../../api/security";
import { refreshSession, signOut } from "../../api/session";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import { TextButton } from "../auth/SecondFactor";
import { wantedPath } from "../auth/wanted";
import { Factors } from "./Factors";
import { StepUpDialog } from "./StepUpDialog";

/** A second factor is required of this person: nothing else is open until there is one. */
export function FactorFirst() {
  const router = useRouter();
  const { data: page, error } = useQuery(securityQuery);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const told = problem ?? (error && !page ? messageOf(error) : null);

  const goOn = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await refreshSession();
      router.history.replace(wantedPath(window.location.search));
    } catch (failure) {
      setProblem(messageOf(failure));
      setBusy(false);
    }
  };
  const leave = () => void signOut().catch(() => undefined);
  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-paper px-6 py-10">
      <div className="w-full max-w-[460px] pb-[8vh]">
        <h1 className="font-serif text-[40px] leading-[48px] tracking-[-0.015em]">Posthouse</h1>
        <h2 className="mt-4 text-lg font-medium">{t("One thing first: a second factor")}</h2>
        <p className="mt-1 mb-4 text-base text-muted">
          {t("It is required of you, so that a password alone lets nobody in. One of these will do.")}
        </p>
        {told && (
          <Banner tone="danger" icon={CircleAlert} className="my-3">
            {told}
          </Banner>
        )}
        {page ? <Factors page={page} /> : !told && <Skeleton className="my-3 h-40" />}
        <Button
          kind="primary"
          className="mt-4 h-9 w-full"
          isBusy={isBusy}
          disabled={!page?.mfa.is_on}
          onClick={() => void goOn()}
        >
          {t("Go on to your mail")}
        </Button>
        <div className="mt-3">
          <TextButton onClick={leave}>{t("Log out")}</TextButton>
        </div>
      </div>
      <StepUpDialog />
    </main>
  );
}
