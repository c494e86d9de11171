/** Ways to the organisation's administration, for whom there is one. */
import { Building2 } from "lucide-react";
import { myselfQuery } from "../api/myself";
import { mayOpen, SECTIONS } from "../features/admin/sections";
import { t } from "../lib/i18n";
import type { Command } from "./command";

export const organisationCommands: Command[] = SECTIONS.map(({ id, title }) => ({
  id: `organisation-${id}`,
  title: t("Organisation: {section}", { section: t(title) }),
  group: "app",
  keys: [],
  icon: Building2,
  when: ({ client }) => mayOpen(client.getQueryData(myselfQuery.queryKey), id),
  run: (here) => here.openOrganisation(id),
}));
