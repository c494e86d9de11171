import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown, Keyboard, LogOut, Settings } from "lucide-react";
import { runCommand } from "../../commands/registry";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from "../../ui/Menu";
import { changePreferences, usePreferences } from "../settings/usePreferences";
import { SyncSign } from "../shell/SyncSign";
import { useMe } from "../shell/useMail";

export function RailFoot({ isFolded }: { isFolded: boolean }) {
  const me = useMe();
  if (!me) return null;
  return (
    <footer
      className={cx("shrink-0 border-t border-line py-2", isFolded ? "flex flex-col items-center gap-2" : "px-0")}
    >
      <SyncSign isFolded={isFolded} />
      <UserMenu
        trigger={
          <button
            type="button"
            aria-label={t("{name}: look, settings, log out", { name: me.name || me.email })}
            className={cx(
              "flex items-center gap-2.5 rounded-md text-left hover:bg-hover data-[state=open]:bg-hover",
              isFolded ? "p-1.5" : "w-full px-2 py-1.5",
            )}
          >
            <Avatar person={me} size={28} />
            {!isFolded && (
              <>
                <span className="min-w-0 flex-1">
                  <span className="block truncate text-sm leading-4 font-medium">{me.name || me.email}</span>
                  <span className="block truncate text-xs text-muted">{me.email}</span>
                </span>
                <ChevronsUpDown size={14} className="text-muted" aria-hidden />
              </>
            )}
          </button>
        }
      />
    </footer>
  );
}

export function UserMenu({ trigger }: { trigger: React.ReactNode }) {
  const navigate = useNavigate();
  const me = useMe();
  const { theme, density } = usePreferences();
  return (
    <Menu trigger={trigger} label={t("You")} side="top">
      <MenuLabel>{me?.email}</MenuLabel>
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
      <MenuItem icon={Keyboard} keys="?" onSelect={() => runCommand("keys")}>
        {t("Keyboard shortcuts")}
      </MenuItem>
      <MenuItem icon={LogOut} onSelect={() => runCommand("log-out")}>
        {t("Log out")}
      </MenuItem>
    </Menu>
  );
}
