import { useQuery } from "@tanstack/react-query";
import { recoveryQuery } from "../../api/myself";
import type { Choices, ChoicesChange } from "../../api/notifications";
import { t } from "../../lib/i18n";
import { ChoiceRow, PickRow, Row, SwitchRow } from "../settings/controls";
import { Clock } from "./QuietHours";

const WAITS = [
  { value: "", label: t("Never") },
  { value: "15", label: t("After 15 minutes") },
  { value: "60", label: t("After an hour") },
  { value: "240", label: t("After 4 hours") },
];
const FIRST_DIGEST = "08:00";

function waits(minutes: number | null) {
  const value = minutes === null ? "" : String(minutes);
  const isKnown = WAITS.some((one) => one.value === value);
  return isKnown ? WAITS : [...WAITS, { value, label: t("After {n} minutes", { n: value }) }];
}

const minutesOf = (value: string) => (value === "" ? null : Number(value));
const textOf = (minutes: number | null) => (minutes === null ? "" : String(minutes));

type Props = { choices: Choices; onChange: (changes: ChoicesChange) => void };

/** What is written about what lay unread, and where to. New mail is written about only to an address outside. */
export function Letters({ choices, onChange }: Props) {
  const outside = useQuery(recoveryQuery).data?.email;
  const isOutside = choices.letters_to === "recovery";
  return (
    <>
      <PickRow
        title={t("Messages you did not read")}
        value={textOf(choices.message_letter_minutes)}
        options={waits(choices.message_letter_minutes)}
        onChange={(value) => onChange({ message_letter_minutes: minutesOf(value) })}
      />
      {outside && (
        <ChoiceRow
          title={t("Where to")}
          hint={t("Outside is your recovery address, {email}.", { email: outside })}
          value={choices.letters_to}
          options={[
            { value: "own", label: t("Your inbox here") },
            { value: "recovery", label: t("Outside") },
          ]}
          onChange={(letters_to) => onChange({ letters_to })}
        />
      )}
      {isOutside && (
        <PickRow
          title={t("Mail you did not read")}
          value={textOf(choices.mail_letter_minutes)}
          options={waits(choices.mail_letter_minutes)}
          onChange={(value) => onChange({ mail_letter_minutes: minutesOf(value) })}
        />
      )}
      <SwitchRow
        title={t("One letter a day")}
        hint={t("With what is still unread of the day.")}
        isOn={choices.digest_at !== null}
        onChange={(isOn) => onChange({ digest_at: isOn ? FIRST_DIGEST : null })}
      />
      {choices.digest_at !== null && (
        <Row title={t("At")}>
          <Clock
            label={t("Time of the daily letter")}
            value={choices.digest_at}
            onChange={(at) => onChange({ digest_at: at })}
          />
        </Row>
      )}
    </>
  );
}
