import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Building2, Keyboard, LogOut, Settings } from "lucide-react";
import type { ReactElement } from "react";
import { Suspense, useState } from "react";
import { myselfQuery } from "../../api/myself";
import { runCommand } from "../../commands/registry";
import { t } from "../../lib/i18n";
import { onDemand } from "../../lib/on-demand";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../ui/Menu";
import { sectionsFor } from "../admin/sections";
import { changePreferences, usePreferences } from "../settings/usePreferences";
import { useMe } from "../shell/useMail";
import { StatusItems } from "./StatusItems";

const StatusDialog = onDemand(async () => (await import("./StatusDialog")).StatusDialog);

export function UserMenu({ trigger, isOpenAtFirst }: { trigger: ReactElement; isOpenAtFirst: boolean }) {
  const navigate = useNavigate();
  const me = useMe();
  const isAdministrator = sectionsFor(useQuery(myselfQuery).data).length > 0;
  const { theme, density } = usePreferences();
  const [isTelling, setTelling] = useState(false);
  const tell = () => requestAnimationFrame(() => setTelling(true));
  return (
    <>
      <Menu trigger={trigger} label={t("You")} side="top" isOpenAtFirst={isOpenAtFirst}>
        <MenuLabel>{me?.email}</MenuLabel>
        <StatusItems onStatus={tell} />
        <MenuChoice
          label={t("Look")}
          value={theme}
          options={[
            { value: "system", label: t("As the system") },
            { value: "light", label: t("Light") },
            { value: "dark", label: t("Dark") },
          ]}
          onChange={(value) => void changePreferences({ theme: value })}
        />
        <MenuChoice
          label={t("Density")}
          value={density}
          options={[
            { value: "compact", label: t("Compact") },
            { value: "roomy", label: t("Roomy") },
          ]}
          onChange={(value) => void changePreferences({ density: value })}
        />
        <MenuLine />
        <MenuItem icon={Settings} keys="g ," onSelect={() => void navigate({ to: "/settings" })}>
          {t("Settings")}
        </MenuItem>
        {isAdministrator && (
          <MenuItem icon={Building2} onSelect={() => void navigate({ to: "/organisation" })}>
            {t("Organisation")}
          </MenuItem>
        )}
        <MenuItem icon={Keyboard} keys="?" onSelect={() => runCommand("keys")}>
          {t("Keyboard shortcuts")}
        </MenuItem>
        <MenuItem icon={LogOut} onSelect={() => runCommand("log-out")}>
          {t("Log out")}
        </MenuItem>
      </Menu>
      {isTelling && (
        <Suspense fallback={null}>
          <StatusDialog onClose={() => setTelling(false)} />
        </Suspense>
      )}
    </>
  );
}
