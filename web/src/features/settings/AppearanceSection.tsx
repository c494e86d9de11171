import { t } from "../../lib/i18n";
import { ChoiceRow } from "./controls";
import type { SectionProps } from "./section";
import { changePreferences, usePreferences } from "./usePreferences";

export function AppearanceSection({ shows }: SectionProps) {
  const { theme, contrast, density } = usePreferences();
  return (
    <>
      {shows("theme") && (
        <ChoiceRow
          title={t("Theme")}
          value={theme}
          options={[
            { value: "system", label: t("As the system") },
            { value: "light", label: t("Light") },
            { value: "dark", label: t("Dark") },
          ]}
          onChange={(value) => void changePreferences({ theme: value })}
        />
      )}
      {shows("contrast") && (
        <ChoiceRow
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
      )}
      {shows("density") && (
        <ChoiceRow
          title={t("Rows in lists")}
          hint={t("Compact shows a third more mails on the same screen.")}
          value={density}
          options={[
            { value: "compact", label: t("Compact") },
            { value: "roomy", label: t("Roomy") },
          ]}
          onChange={(value) => void changePreferences({ density: value })}
        />
      )}
    </>
  );
}
