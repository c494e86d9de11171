import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { api } from "../../api/client";
import { messageOf } from "../../api/error";
import { sessionUser } from "../../api/session";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import { StepUpDialog } from "../security/StepUpDialog";
import { NotProven, withStepUp } from "../security/stepUp";
import { askedOf } from "./consent";

type Question = {
  client_name: string;
  scopes: { scope: string; description: string }[];
  redirect_host: string;
  redirect_to: string | null;
};

/** Another program asks to be let in: what it would be able to do, and yes or no. */
export function ConsentPage() {
  const asked = askedOf(window.location.search);
  const { data, error } = useQuery({
    queryKey: ["consent", asked],
    queryFn: () => api.post<Question>("/oauth/requests/", asked),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const goTo = data?.redirect_to;
  useEffect(() => {
    if (goTo) window.location.replace(goTo);
  }, [goTo]);
  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-paper px-6 py-10">
      <div className="w-full max-w-[420px] pb-[8vh]">
        <h1 className="mb-6 font-serif text-[32px] leading-[40px] tracking-[-0.015em]">Posthouse</h1>
        {error && (
          <Banner tone="danger" icon={CircleAlert}>
            {messageOf(error)}
          </Banner>
        )}
        {!error && (!data || goTo) && <Skeleton className="h-40" />}
        {data && !goTo && <Asking asked={asked} question={data} />}
      </div>
      <StepUpDialog />
    </main>
  );
}

type AskingProps = { asked: { [name: string]: string }; question: Question };

function Asking({ asked, question }: AskingProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const decide = async (isApproved: boolean) => {
    setBusy(true);
    try {
      const body = { ...asked, approve: isApproved };
      const answer = await withStepUp(() => api.post<{ redirect_to: string }>("/oauth/decisions/", body));
      window.location.replace(answer.redirect_to);
    } catch (error) {
      if (!(error instanceof NotProven)) setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <section aria-labelledby="consent-title" className="rounded-md border border-line bg-raised p-5">
      <h2 id="consent-title" className="text-lg font-semibold">
        {t("Let {name} in?", { name: question.client_name })}
      </h2>
      <p className="mt-1 text-sm text-muted">
        {t("You are {email}. The answer goes to {host}.", {
          email: sessionUser()?.email ?? "",
          host: question.redirect_host,
        })}
      </p>
      <p className="mt-4 mb-1 text-sm font-medium">{t("It will be able to")}</p>
      <ul className="flex list-disc flex-col gap-1 pl-5 text-base">
        {question.scopes.map(({ scope, description }) => (
          <li key={scope}>{description}</li>
        ))}
      </ul>
      {problem && (
        <Banner tone="danger" icon={CircleAlert} className="mt-4">
          {problem}
        </Banner>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button disabled={isBusy} onClick={() => void decide(false)}>
          {t("No")}
        </Button>
        <Button kind="primary" isBusy={isBusy} onClick={() => void decide(true)}>
          {t("Let it in")}
        </Button>
      </div>
      <p className="mt-4 text-sm text-muted">{t("You can take this back under Settings, Security.")}</p>
    </section>
  );
}
