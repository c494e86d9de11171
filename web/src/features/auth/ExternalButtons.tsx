import { useQuery } from "@tanstack/react-query";
import { Building2 } from "lucide-react";
import { useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { domainOf, leaveFor, type Provider, providersFor } from "./external";

export type ExternalButtonProps = { email: string; onProblem: (error: unknown) => void };

/** The log-in of one's organisation, offered once the address says which that is. */
export function ExternalButtons({ email, onProblem }: ExternalButtonProps) {
  const domain = domainOf(email);
  const [isBusy, setBusy] = useState(false);
  const { data } = useQuery({
    queryKey: ["external-log-ins", domain],
    queryFn: () => providersFor(`x@${domain}`),
    enabled: domain !== null,
    staleTime: 60_000,
    retry: false,
  });
  const leave = async (provider: Provider) => {
    setBusy(true);
    try {
      await leaveFor(provider);
    } catch (error) {
      onProblem(error);
      setBusy(false);
    }
  };
  return data?.map((one) => (
    <Button key={one.id} isBusy={isBusy} className="mt-3 h-9 w-full" onClick={() => void leave(one)}>
      <Building2 size={16} aria-hidden />
      {t("Use {name}", { name: one.name })}
    </Button>
  ));
}
