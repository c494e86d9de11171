import { SECTIONS } from "../features/settings/sections";
import { t } from "../lib/i18n";
import type { Command } from "./command";

/** Each page of the settings, for who types its name. */
export const settingsCommands: Command[] = SECTIONS.map(({ id, title }) => ({
  id: `settings-${id}`,
  title: t("Settings: {page}", { page: t(title) }),
  group: "app",
  keys: [],
  run: (here) => here.openSettings(id),
}));
