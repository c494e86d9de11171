/** Goes on to the server's own pages, which are no part of this client; before that, asks for a proof if one is wanted. */
import { useEffect } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { StepUpDialog } from "../security/StepUpDialog";
import { proveNow, useStepUp } from "../security/stepUp";
import { asksForProof, operatorPath } from "./operator";

export function OperatorEntrance() {
  const search = window.location.search;
  const isAsking = useStepUp((state) => state.isOpen);
  useEffect(() => {
    if (!asksForProof(search)) window.location.replace(operatorPath(search));
    else void prove(search);
  }, [search]);
  if (!asksForProof(search)) return null;
  return (
    <main className="h-full">
      {!isAsking && (
        <EmptyState isPage title={t("Not proved")} text={t("What you wanted to do asks for it, and was not done.")}>
          <Button kind="primary" onClick={() => void prove(search)}>
            {t("Try again")}
          </Button>
          <Button onClick={() => window.location.assign(operatorPath(search))}>{t("Back")}</Button>
        </EmptyState>
      )}
      <StepUpDialog />
    </main>
  );
}

async function prove(search: string) {
  if (await proveNow()) window.location.replace(operatorPath(search));
}
