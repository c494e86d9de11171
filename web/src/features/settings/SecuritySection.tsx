import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { messageOf } from "../../api/error";
import { securityQuery } from "../../api/security";
import { Banner } from "../../ui/Banner";
import { Skeleton } from "../../ui/Skeleton";
import { AppPasswords } from "../security/AppPasswords";
import { Factors } from "../security/Factors";
import { PasswordRow } from "../security/PasswordRow";
import { Places } from "../security/Places";
import { StepUpDialog } from "../security/StepUpDialog";
import { Tokens } from "../security/Tokens";
import type { SectionProps } from "./section";

/** Everything by which one gets in, and taking each of it back. */
export function SecuritySection({ shows }: SectionProps) {
  const { data: page, error } = useQuery(securityQuery);
  return (
    <>
      {shows("password") && <PasswordRow />}
      {error && !page && (
        <Banner tone="danger" icon={CircleAlert} className="my-3">
          {messageOf(error)}
        </Banner>
      )}
      {!page && !error && <Skeleton className="my-3 h-40" />}
      {page && shows("factors") && <Factors page={page} />}
      {page && shows("app-passwords") && <AppPasswords page={page} />}
      {page && shows("tokens") && <Tokens page={page} />}
      {page && shows("sessions") && <Places page={page} />}
      <StepUpDialog />
    </>
  );
}
