import { useState } from "react";
import type { AppPasswordBodyRequest } from "../../api/generated/schema";
import { type Security, security } from "../../api/security";
import { cx } from "../../lib/classes";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Row } from "../settings/controls";
import { useAct } from "./acts";
import { Item, Items } from "./Items";
import { NameDialog } from "./NameDialog";
import { Once } from "./Once";

const BOTH: AppPasswordBodyRequest["scopes"] = ["imap", "smtp"];

/** One password for each mail program, so that each can be taken back alone. */
export function AppPasswords({ page }: { page: Security }) {
  const act = useAct();
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const add = async (name: string) => {
    const given = await act(() => security.addAppPassword({ name, scopes: BOTH }));
    if (given) setMade(given.password);
    setOpen(false);
  };
  return (
    <Row
      title={t("App passwords")}
      at="app-passwords"
      hint={
        page.mfa.is_on
          ? t("Mail programs need one: with a second factor your own password does not open IMAP or SMTP.")
          : t("For mail programs, so that none of them needs your own password.")
      }
      isStacked={page.app_passwords.length > 0}
    >
      {page.app_passwords.length > 0 && (
        <Items label={t("App passwords")}>
          {page.app_passwords.map((one) => (
            <Item
              key={one.id}
              title={one.name}
              facts={[
                one.scopes.map((scope) => scope.toUpperCase()).join(", "),
                one.last_used_at
                  ? t("used {date} from {ip}", { date: shortDate(one.last_used_at), ip: one.last_ip })
                  : t("not used yet"),
              ]}
              act={t("Revoke")}
              onAct={() => void act(() => security.revoke("app-passwords", one.id), t("App password revoked."))}
            />
          ))}
        </Items>
      )}
      <Button className={cx(page.app_passwords.length > 0 && "self-start")} onClick={() => setOpen(true)}>
        {t("Make an app password")}
      </Button>
      <NameDialog
        isOpen={isOpen}
        title={t("Make an app password")}
        label={t("Which mail program is it for?")}
        onClose={() => setOpen(false)}
        onNamed={add}
      />
      <Dialog
        isOpen={made !== null}
        onClose={() => setMade(null)}
        title={t("Your app password")}
        width="narrow"
        footer={
          <Button kind="primary" onClick={() => setMade(null)}>
            {t("Done")}
          </Button>
        }
      >
        <Once
          lines={made ? [made] : []}
          note={t("Enter it in the mail program instead of your password. It is not shown again.")}
        />
      </Dialog>
    </Row>
  );
}
