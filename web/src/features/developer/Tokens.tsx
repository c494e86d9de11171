import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { type Security, scopesQuery, security } from "../../api/security";
import { cx } from "../../lib/classes";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Select } from "../../ui/Select";
import { useAct } from "../security/acts";
import { Item, Items } from "../security/Items";
import { NameDialog } from "../security/NameDialog";
import { Once } from "../security/Once";
import { Row } from "../settings/controls";
import { ScopeChoice } from "./ScopeChoice";

const DAYS = [30, 90, 365];

/** For programs of one's own that use the API. */
export function Tokens({ page }: { page: Security }) {
  const act = useAct();
  const daysId = useId();
  const { data: known } = useQuery(scopesQuery);
  const [isOpen, setOpen] = useState(false);
  const [scopes, setScopes] = useState<string[]>(["mail:read"]);
  const [days, setDays] = useState(90);
  const [made, setMade] = useState<string | null>(null);
  const add = async (name: string) => {
    const given = await act(() => security.addToken({ name, scopes, expires_in_days: days }));
    if (given) setMade(given.token);
    setOpen(false);
  };
  return (
    <Row
      title={t("Access tokens")}
      at="tokens"
      hint={t("For programs that use the API. Each does what you allow it, until its day.")}
      isStacked={page.tokens.length > 0}
    >
      {page.tokens.length > 0 && (
        <Items label={t("Access tokens")}>
          {page.tokens.map((one) => (
            <Item
              key={one.id}
              title={one.name}
              facts={[
                one.scopes.join(", "),
                t("until {date}", { date: shortDate(one.expires_at) }),
                one.last_used_at
                  ? t("used {date} from {ip}", { date: shortDate(one.last_used_at), ip: one.last_ip })
                  : t("not used yet"),
              ]}
              act={t("Revoke")}
              onAct={() => void act(() => security.revoke("tokens", one.id), t("Token revoked."))}
            />
          ))}
        </Items>
      )}
      <Button className={cx(page.tokens.length > 0 && "self-start")} onClick={() => setOpen(true)}>
        {t("Make a token")}
      </Button>
      <NameDialog
        isOpen={isOpen}
        title={t("Make a token")}
        label={t("What is it for?")}
        onClose={() => setOpen(false)}
        onNamed={add}
      >
        <ScopeChoice legend={t("It may")} scopes={known?.items ?? []} chosen={scopes} onChange={setScopes} />
        <label htmlFor={daysId} className="flex items-center gap-2 text-sm">
          {t("Ends after")}
          <Select
            id={daysId}
            value={String(days)}
            options={DAYS.map((n) => ({ value: String(n), label: t("{n} days", { n }) }))}
            onChange={(value) => setDays(Number(value))}
          />
        </label>
      </NameDialog>
      <Dialog
        isOpen={made !== null}
        onClose={() => setMade(null)}
        title={t("Your token")}
        footer={
          <Button kind="primary" onClick={() => setMade(null)}>
            {t("Done")}
          </Button>
        }
      >
        <Once lines={made ? [made] : []} note={t("Keep it like a password. It is not shown again.")} />
      </Dialog>
    </Row>
  );
}
