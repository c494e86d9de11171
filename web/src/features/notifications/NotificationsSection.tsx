import { t } from "../../lib/i18n";
import { Card } from "../settings/Card";
import { ChoiceRow, SwitchRow } from "../settings/controls";
import { Waiting } from "../settings/Waiting";
import { Devices } from "./Devices";
import { Letters } from "./Letters";
import { DoNotDisturb, QuietHours } from "./QuietHours";
import { Rules } from "./Rules";
import { useChoices } from "./useChoices";
import { WhyLog } from "./WhyLog";

/** What one is told of, when, where, and why. */
export function NotificationsSection() {
  const { data: choices, error, refetch, change } = useChoices();
  if (!choices)
    return (
      <Card title={t("What you are told of")}>
        <Waiting error={error} onRetry={() => void refetch()} />
      </Card>
    );
  const put = (changes: Parameters<typeof change>[0]) => void change(changes);
  return (
    <>
      <Card
        title={t("What you are told of")}
        hint={t("Mail of lists and programs, junk and muted threads are quiet, unless a rule of yours says otherwise.")}
      >
        <ChoiceRow
          at="notifications"
          title={t("New mail")}
          value={choices.new_mail}
          options={[
            { value: "all", label: t("All") },
            { value: "inbox", label: t("In the inbox") },
            { value: "none", label: t("None") },
          ]}
          onChange={(new_mail) => put({ new_mail })}
        />
        <ChoiceRow
          title={t("Conversations")}
          value={choices.messages}
          options={[
            { value: "all", label: t("All") },
            { value: "mentions", label: t("When you are named") },
            { value: "none", label: t("None") },
          ]}
          onChange={(messages) => put({ messages })}
        />
      </Card>
      <Card
        title={t("Senders, words and mailboxes")}
        hint={t("These count before what is chosen above. Senders that always break through are your VIPs.")}
        at="notification-rules"
      >
        <Rules />
      </Card>
      <Card title={t("On your devices")} at="devices">
        <SwitchRow title={t("Tell me on my devices")} isOn={choices.by_push} onChange={(by_push) => put({ by_push })} />
        {choices.by_push && (
          <>
            <Devices />
            <SwitchRow
              title={t("Say what it is")}
              hint={t("Otherwise a device shows only that there is something new.")}
              isOn={choices.shows_content}
              onChange={(shows_content) => put({ shows_content })}
            />
            <SwitchRow title={t("With a sound")} isOn={choices.sound} onChange={(sound) => put({ sound })} />
          </>
        )}
      </Card>
      <Card title={t("When")}>
        <DoNotDisturb choices={choices} onChange={put} />
        <QuietHours choices={choices} onChange={put} />
      </Card>
      <Card title={t("By e-mail")} hint={t("Each such letter can be stopped by one click.")} at="letters">
        <Letters choices={choices} onChange={put} />
      </Card>
      <Card title={t("Why you were told, or not")} hint={t("Kept for two weeks.")} at="why">
        <WhyLog />
      </Card>
    </>
  );
}
