import { type Security, security } from "../../api/security";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { factsOf } from "../notifications/Devices";
import { Row } from "../settings/controls";
import { useAct } from "./acts";
import { ConfirmButton } from "./ConfirmButton";
import { clientName } from "./clients";
import { Item, Items } from "./Items";

/** Where one is logged in now: browsers and programs, mail programs, browsers that are trusted. */
export function Places({ page }: { page: Security }) {
  const act = useAct();
  return (
    <>
      <Row
        title={t("Where you are logged in")}
        at="sessions"
        hint={t("Ending one takes effect at once, wherever it is.")}
        isStacked
      >
        <Items label={t("Sessions")}>
          {page.sessions.map((one) => (
            <Item
              key={one.id}
              title={clientName(one.client)}
              badge={one.is_current ? t("This one") : undefined}
              facts={[one.ip, t("active {date}", { date: shortDate(one.last_used_at) })]}
              {...(one.is_current
                ? {}
                : {
                    act: t("End"),
                    onAct: () => void act(() => security.revoke("sessions", one.id), t("Session ended.")),
                  })}
            />
          ))}
        </Items>
      </Row>
      {page.mail_clients.length > 0 && (
        <Row title={t("Mail programs connected now")} isStacked>
          <Items label={t("Mail programs")}>
            {page.mail_clients.map((one) => (
              <Item
                key={one.id}
                title={one.client || t("A mail program")}
                facts={[one.protocol.toUpperCase(), one.ip, t("since {date}", { date: shortDate(one.connected_at) })]}
                act={t("Disconnect")}
                onAct={() => void act(() => security.revoke("mail-clients", one.id), t("Disconnected."))}
              />
            ))}
          </Items>
        </Row>
      )}
      {page.applications.length > 0 && (
        <Row title={t("Programs you have let in")} isStacked>
          <Items label={t("Programs")}>
            {page.applications.map((one) => (
              <Item
                key={one.id}
                title={one.name}
                facts={[
                  one.scopes.join(", "),
                  one.last_used_at ? t("used {date}", { date: shortDate(one.last_used_at) }) : t("not used yet"),
                ]}
                act={t("Take back")}
                onAct={() => void act(() => security.revoke("applications", one.id), t("The program is out."))}
              />
            ))}
          </Items>
        </Row>
      )}
      {page.push_devices.length > 0 && (
        <Row title={t("Devices that are told of what is new")} hint={t("Each ends with its session.")} isStacked>
          <Items label={t("Devices that are told")}>
            {page.push_devices.map((one) => (
              <Item
                key={one.id}
                title={clientName(one.client)}
                badge={one.is_current ? t("This one") : undefined}
                facts={factsOf(one)}
                act={t("Stop")}
                onAct={() => void act(() => security.revoke("push-devices", one.id), t("It is told no more."))}
              />
            ))}
          </Items>
        </Row>
      )}
      {page.trusted_browsers.length > 0 && (
        <Row title={t("Browsers that are not asked for the second factor")} isStacked>
          <Items label={t("Trusted browsers")}>
            {page.trusted_browsers.map((one) => (
              <Item
                key={one.id}
                title={clientName(one.client)}
                facts={[one.ip, t("until {date}", { date: shortDate(one.expires_at) })]}
                act={t("Ask again")}
                onAct={() => void act(() => security.revoke("trusted-browsers", one.id), t("It will be asked again."))}
              />
            ))}
          </Items>
        </Row>
      )}
      <Row
        title={t("End everything else")}
        hint={t(
          "All other sessions, mail programs, app passwords, tokens and trusted browsers. For when you are in doubt.",
        )}
      >
        <ConfirmButton
          kind="danger"
          label={t("End everything else")}
          question={t("Mail programs will ask for a password again, and programs with a token will stop.")}
          onConfirmed={() => void act(security.revokeAll, t("Everything else has ended."))}
        />
      </Row>
    </>
  );
}
