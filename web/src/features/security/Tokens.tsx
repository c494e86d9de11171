import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Security, scopesQuery, security } from "../../api/security";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Row } from "../settings/controls";
import { useAct } from "./acts";
import { Item, Items } from "./Items";
import { NameDialog } from "./NameDialog";
import { Once } from "./Once";

const DAYS = [30, 90, 365];

/** For programs of one's own that use the API. */
export function Tokens({ page }: { page: Security }) {
  const act = useAct();
  const [isOpen, setOpen] = useState(false);
  const [scopes, setScopes] = useState<string[]>(["mail:read"]);
  const [days, setDays] = useState(90);
  const [made, setMade] = useState<string | null>(null);
  const add = async (name: string) => {
    const given = await act(() => security.addToken(name, scopes, days));
    if (given) setMade(given.token);
    setOpen(false);
  };
  return (
    <Row
      title={t("Access tokens")}
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
      <Button className="self-start" onClick={() => setOpen(true)}>
        {t("Make a token")}
      </Button>
      <NameDialog
        isOpen={isOpen}
        title={t("Make a token")}
        label={t("What is it for?")}
        onClose={() => setOpen(false)}
        onNamed={add}
      >
        <ScopeChoice chosen={scopes} onChange={setScopes} />
        <label className="flex items-center gap-2 text-sm">
          {t("Ends after")}
          <select
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
            className="h-8 rounded-md border border-line-strong bg-raised px-2 text-sm text-ink"
          >
            {DAYS.map((n) => (
              <option key={n} value={n}>
                {t("{n} days", { n })}
              </option>
            ))}
          </select>
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

function ScopeChoice({ chosen, onChange }: { chosen: string[]; onChange: (scopes: string[]) => void }) {
  const { data } = useQuery(scopesQuery);
  const toggle = (scope: string) =>
    onChange(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope]);
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">{t("It may")}</legend>
      {data?.items.map(({ scope, description }) => (
        <label key={scope} className="flex items-start gap-2 text-sm">
          <input type="checkbox" className="mt-1" checked={chosen.includes(scope)} onChange={() => toggle(scope)} />
          <span>
            <span className="font-medium">{scope}</span> <span className="text-muted">{description}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
