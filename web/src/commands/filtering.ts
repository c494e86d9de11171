/** A rule that begins with a thread. */
import { ListFilter } from "lucide-react";
import { t } from "../lib/i18n";
import type { Command } from "./command";
import type { Here } from "./here";

/** The first sender of the thread that is not oneself. */
function strangerOf(here: Here): string | null {
  const own = here.account?.email.toLowerCase();
  const others = here.targets[0]?.senders.filter(({ email }) => email.toLowerCase() !== own);
  return (here.targets.length === 1 && others?.[0]?.email) || null;
}

export const filteringCommands: Command[] = [
  {
    id: "filter",
    title: t("Filter messages like this"),
    group: "threads",
    keys: [],
    icon: ListFilter,
    when: (here) => strangerOf(here) !== null,
    run: (here) => here.openNewRule(strangerOf(here) ?? ""),
  },
];
