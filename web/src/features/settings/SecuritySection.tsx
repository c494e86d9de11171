import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { securityQuery } from "../../api/security";
import { t } from "../../lib/i18n";
import { AppPasswords } from "../security/AppPasswords";
import { Factors } from "../security/Factors";
import { OwnLog } from "../security/OwnLog";
import { OwnStop } from "../security/OwnStop";
import { PasswordRow } from "../security/PasswordRow";
import { Places } from "../security/Places";
import { Card } from "./Card";
import { Waiting } from "./Waiting";

/** Everything by which one gets in, and taking each of it back. */
export function SecuritySection() {
  const { data: page, error, refetch } = useQuery(securityQuery);
  return (
    <>
      <OwnStop />
      <Card title={t("Getting in")}>
        <PasswordRow />
        {page ? <Factors page={page} /> : <Waiting error={error} onRetry={() => void refetch()} />}
      </Card>
      {page && (
        <>
          <Card title={t("Mail programs")}>
            <AppPasswords page={page} />
          </Card>
          <Card title={t("What is open")}>
            <Places page={page} />
          </Card>
        </>
      )}
      <Card
        title={t("Your log")}
        at="log"
        hint={t("What you did through every door, and what was done to your account.")}
      >
        <OwnLog />
      </Card>
      <p className="text-sm text-muted">
        {t("Access tokens for programs of your own are under")}{" "}
        <Link
          to="/settings/$section"
          params={{ section: "developer" }}
          className="font-medium text-accent underline underline-offset-2"
        >
          {t("Developer")}
        </Link>
        .
      </p>
    </>
  );
}
