import { Info } from "lucide-react";
import type { Myself, Notifications } from "../../api/myself";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Input } from "../../ui/Input";
import { Card } from "./Card";
import { ChoiceRow, Row, SwitchRow } from "./controls";
import { useChangeMyself, useMyself } from "./useMyself";
import { Waiting } from "./Waiting";

const FIRST_QUIET = { quiet_from: "22:00", quiet_to: "07:00" };

/** What one is told of. Kept on the server, and followed by the notifications once they come. */
export function NotificationsSection() {
  const { data: myself, error, refetch } = useMyself();
  return (
    <>
      <Banner icon={Info} className="mb-6">
        {t("Nothing is sent yet: what you choose here is kept for the notifications of a coming release.")}
      </Banner>
      {myself ? (
        <Choices myself={myself} />
      ) : (
        <Card title={t("What you are told of")}>
          <Waiting error={error} onRetry={() => void refetch()} />
        </Card>
      )}
    </>
  );
}

function Choices({ myself: { notifications } }: { myself: Myself }) {
  const { change } = useChangeMyself();
  const put = (part: Notifications) => void change({ notifications: part });
  const { quiet_from, quiet_to } = notifications;
  const isQuiet = Boolean(quiet_from && quiet_to);
  return (
    <>
      <Card title={t("What you are told of")}>
        <ChoiceRow
          at="notifications"
          title={t("New mail")}
          value={notifications.new_mail ?? "inbox"}
          options={[
            { value: "all", label: t("All") },
            { value: "inbox", label: t("In the inbox") },
            { value: "none", label: t("None") },
          ]}
          onChange={(new_mail) => put({ new_mail })}
        />
        <ChoiceRow
          title={t("Conversations")}
          value={notifications.messages ?? "all"}
          options={[
            { value: "all", label: t("All") },
            { value: "mentions", label: t("When you are named") },
            { value: "none", label: t("None") },
          ]}
          onChange={(messages) => put({ messages })}
        />
      </Card>
      <Card title={t("How")}>
        <SwitchRow
          title={t("On this and your other devices")}
          isOn={notifications.by_push ?? true}
          onChange={(by_push) => put({ by_push })}
        />
        <SwitchRow title={t("With a sound")} isOn={notifications.sound ?? true} onChange={(sound) => put({ sound })} />
        <SwitchRow
          title={t("By e-mail, when you are away")}
          isOn={notifications.by_email ?? false}
          onChange={(by_email) => put({ by_email })}
        />
      </Card>
      <Card title={t("When")}>
        <SwitchRow
          at="quiet"
          title={t("Quiet hours")}
          hint={t("Nothing is told then, in your time zone.")}
          isOn={isQuiet}
          onChange={(isOn) => put(isOn ? FIRST_QUIET : { quiet_from: null, quiet_to: null })}
        />
        {isQuiet && (
          <Row title={t("From and to")}>
            <span className="flex items-center gap-2">
              <Clock label={t("Quiet from")} value={quiet_from ?? ""} onChange={(text) => put({ quiet_from: text })} />
              <span aria-hidden className="text-muted">
                –
              </span>
              <Clock label={t("Quiet to")} value={quiet_to ?? ""} onChange={(text) => put({ quiet_to: text })} />
            </span>
          </Row>
        )}
      </Card>
    </>
  );
}

type ClockProps = { label: string; value: string; onChange: (value: string) => void };

function Clock({ label, value, onChange }: ClockProps) {
  return (
    <Input
      type="time"
      aria-label={label}
      value={value}
      onChange={(event) => event.target.value && onChange(event.target.value)}
      className="tabular w-28!"
    />
  );
}
