import { useQuery } from "@tanstack/react-query";
import { securityQuery } from "../../api/security";
import { t } from "../../lib/i18n";
import { Card } from "../settings/Card";
import { useMyself } from "../settings/useMyself";
import { Waiting } from "../settings/Waiting";
import { ApiRows } from "./ApiRows";
import { OAuthClients } from "./OAuthClients";
import { Tokens } from "./Tokens";
import { Webhooks } from "./Webhooks";

/** For those who write programs: each part stands only where one may use it. */
export function DeveloperSection() {
  const { data: page, error, refetch } = useQuery(securityQuery);
  const { data: myself } = useMyself();
  const may = (permission: string) => myself?.permissions.includes(permission) ?? false;
  const managesHooks = may("webhooks.manage");
  return (
    <>
      <Card title={t("Programs of your own")}>
        {page ? <Tokens page={page} /> : <Waiting error={error} onRetry={() => void refetch()} />}
      </Card>
      {(managesHooks || may("mail.read")) && (
        <Card
          title={t("Webhooks")}
          at="webhooks"
          hint={t(
            "Addresses of yours that are told when something happens, signed so that they can be sure it was us.",
          )}
        >
          <Webhooks mayHearAll={managesHooks} mayHearOwn={may("mail.read")} />
        </Card>
      )}
      {may("organisation.manage") && (
        <Card
          title={t("Applications that log people in by us")}
          at="oauth"
          hint={t("Programs of the organisation's to which people can say who they are (OAuth 2, OpenID Connect).")}
        >
          <OAuthClients />
        </Card>
      )}
      <Card title={t("The API")} at="api">
        <ApiRows />
      </Card>
    </>
  );
}
