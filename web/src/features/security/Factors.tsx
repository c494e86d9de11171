import { useState } from "react";
import { type Security, security } from "../../api/security";
import { cx } from "../../lib/classes";
import { shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { canUsePasskeys, makePasskey } from "../auth/passkeys";
import { Row } from "../settings/controls";
import { useAct } from "./acts";
import { ConfirmButton } from "./ConfirmButton";
import { Item, Items } from "./Items";
import { NameDialog } from "./NameDialog";
import { Once } from "./Once";
import { TotpDialog } from "./TotpDialog";

/** The second factor: an app, passkeys, and codes for the day they are lost. */
export function Factors({ page }: { page: Security }) {
  const act = useAct();
  const [open, setOpen] = useState<"totp" | "passkey" | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const { mfa, passkeys } = page;

  const addPasskey = async (name: string) => {
    const made = await act(async () => {
      const asked = await security.askForPasskey();
      const credential = await makePasskey(asked.options);
      return security.addPasskey({ challenge: asked.challenge, credential, name });
    }, t("Passkey added."));
    if (made) setCodes(made.recovery_codes);
    setOpen(null);
  };
  const renew = async () => {
    const made = await act(security.renewCodes);
    if (made) setCodes(made.recovery_codes);
  };
  return (
    <>
      <Row
        title={t("Authenticator app")}
        at="factors"
        hint={t("A code that changes every half minute, asked for after the password.")}
      >
        {mfa.has_totp ? (
          <ConfirmButton
            label={t("Remove")}
            question={t("Its codes will not be asked for any more. Without a passkey your password alone will do.")}
            onConfirmed={() => void act(security.removeTotp, t("Authenticator app removed."))}
          />
        ) : (
          <Button onClick={() => setOpen("totp")}>{t("Set up")}</Button>
        )}
      </Row>
      <Row
        title={t("Passkeys")}
        hint={t("Log in with your fingerprint, face or device lock, without a password.")}
        isStacked={passkeys.length > 0}
      >
        {passkeys.length > 0 && (
          <Items label={t("Passkeys")}>
            {passkeys.map((one) => (
              <Item
                key={one.id}
                title={one.name}
                facts={[
                  t("Added {date}", { date: shortDate(one.created_at) }),
                  one.last_used_at ? t("used {date}", { date: shortDate(one.last_used_at) }) : t("not used yet"),
                ]}
                act={t("Remove")}
                onAct={() => void act(() => security.revoke("passkeys", one.id), t("Passkey removed."))}
              />
            ))}
          </Items>
        )}
        <Button
          className={cx(passkeys.length > 0 && "self-start")}
          disabled={!canUsePasskeys()}
          title={canUsePasskeys() ? undefined : t("This browser cannot make passkeys here.")}
          onClick={() => setOpen("passkey")}
        >
          {t("Add a passkey")}
        </Button>
      </Row>
      {mfa.is_on && (
        <Row
          title={t("Recovery codes")}
          hint={plural(
            mfa.recovery_codes_left,
            "{n} code is left for the day the app and the passkeys are lost.",
            "{n} codes are left for the day the app and the passkeys are lost.",
          )}
        >
          <ConfirmButton
            label={t("Make new ones")}
            question={t("The codes you have now will not work any more.")}
            onConfirmed={() => void renew()}
          />
        </Row>
      )}
      {open === "totp" && (
        <TotpDialog
          onClose={() => setOpen(null)}
          onDone={(made) => {
            setOpen(null);
            setCodes(made);
          }}
        />
      )}
      <NameDialog
        isOpen={open === "passkey"}
        title={t("Add a passkey")}
        label={t("What to call it")}
        suggestion={t("This device")}
        onClose={() => setOpen(null)}
        onNamed={addPasskey}
      />
      <Dialog
        isOpen={codes.length > 0}
        onClose={() => setCodes([])}
        title={t("Your recovery codes")}
        footer={
          <Button kind="primary" onClick={() => setCodes([])}>
            {t("I have kept them")}
          </Button>
        }
      >
        <Once
          lines={codes}
          note={t("Keep them where you will find them without this device. Each works once. They are not shown again.")}
        />
      </Dialog>
    </>
  );
}
