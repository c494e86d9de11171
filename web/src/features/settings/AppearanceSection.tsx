import { t } from "../../lib/i18n";
import { Card } from "./Card";
import { ChoiceRow } from "./controls";
import { changePreferences, usePreferences } from "./usePreferences";

export function AppearanceSection() {
  const { theme, contrast, density } = usePreferences();
  return (
    <Card title={t("Look")}>
      <ChoiceRow
        at="theme"
        title={t("Theme")}
        value={theme}
        options={[
          { value: "system", label: t("As the system") },
          { value: "light", label: t("Light") },
          { value: "dark", label: t("Dark") },
        ]}
        onChange={(value) => void changePreferences({ theme: value })}
      />
      <ChoiceRow
        at="contrast"
        title={t("Contrast")}
        hint={t("High contrast uses black, white and strong lines.")}
        value={contrast}
        options={[
          { value: "system", label: t("As the system") },
          { value: "normal", label: t("Normal") },
          { value: "high", label: t("High") },
        ]}
        onChange={(value) => void changePreferences({ contrast: value })}
      />
      <ChoiceRow
        at="density"
        title={t("Rows in lists")}
        hint={t("Compact shows a third more mails on the same screen.")}
        value={density}
        options={[
          { value: "compact", label: t("Compact") },
          { value: "roomy", label: t("Roomy") },
        ]}
        onChange={(value) => void changePreferences({ density: value })}
      />
    </Card>
  );
}
