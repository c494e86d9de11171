import type { Myself } from "../../api/myself";
import { t } from "../../lib/i18n";
import { ChoiceRow, SwitchRow } from "./controls";
import { useChangeMyself } from "./useMyself";

export function PrivacyRows({ myself }: { myself: Myself }) {
  const { change } = useChangeMyself();
  return (
    <>
      <ChoiceRow
        at="visibility"
        title={t("Your profile")}
        hint={t("Title, phone, location, status and the rest. Whoever manages people sees it in any case.")}
        value={myself.visibility}
        options={[
          { value: "organisation", label: t("Everybody here") },
          { value: "groups", label: t("Your groups") },
          { value: "nobody", label: t("Nobody") },
        ]}
        onChange={(visibility) => void change({ visibility })}
      />
      <SwitchRow
        at="privacy"
        title={t("Show when you are here")}
        hint={t("A dot beside your picture. Who hides it does not see others' either.")}
        isOn={!myself.hides_online}
        onChange={(isOn) => void change({ hides_online: !isOn })}
      />
      <SwitchRow
        title={t("Show when you were last here")}
        hint={myself.hides_online ? t("Hidden with the dot.") : t("To the minute, to those who may see your profile.")}
        isOn={!myself.hides_activity && !myself.hides_online}
        isDisabled={myself.hides_online}
        onChange={(isOn) => void change({ hides_activity: !isOn })}
      />
      <SwitchRow
        title={t("Show your e-mail address")}
        hint={t("Hidden, it is not completed and not found by searching either.")}
        isOn={!myself.hides_email}
        onChange={(isOn) => void change({ hides_email: !isOn })}
      />
    </>
  );
}
