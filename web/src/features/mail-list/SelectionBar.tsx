import type { LucideIcon } from "lucide-react";
import { Archive, Ban, CheckCheck, FolderInput, Mail, MailOpen, Star, Tag, Trash2, X } from "lucide-react";
import { commandOf, runCommand } from "../../commands/registry";
import { clearSelection } from "../../commands/view";
import { plural, t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";

const ACTS: { id: string; icon: LucideIcon; otherwise?: string }[] = [
  { id: "archive", icon: Archive },
  { id: "trash", icon: Trash2, otherwise: "destroy" },
  { id: "junk", icon: Ban, otherwise: "not-junk" },
  { id: "read", icon: MailOpen },
  { id: "unread", icon: Mail },
  { id: "star", icon: Star, otherwise: "unstar" },
  { id: "move", icon: FolderInput },
  { id: "label", icon: Tag },
];

/** Takes the title's place while threads are ticked. */
export function SelectionBar({ count, onAll }: { count: number; onAll: () => void }) {
  return (
    <div
      role="toolbar"
      aria-label={t("Selected threads")}
      className="flex h-9 items-center bg-accent-soft px-1 max-sm:h-13 max-sm:overflow-x-auto"
    >
      <IconButton icon={X} label={t("Clear selection")} keys="* n" size="small" onClick={clearSelection} />
      <span aria-live="polite" className="tabular mr-1 px-1 text-sm font-medium whitespace-nowrap">
        {plural(count, "{n} selected", "{n} selected")}
      </span>
      {ACTS.map(({ id, icon, otherwise }) => {
        const command = commandOf(id);
        const run = () => void (runCommand(id) || (otherwise && runCommand(otherwise)));
        return (
          <IconButton key={id} icon={icon} label={command.title} keys={command.keys[0]} size="small" onClick={run} />
        );
      })}
      <IconButton
        icon={CheckCheck}
        label={t("Select all loaded threads")}
        keys="* a"
        size="small"
        className="ml-auto"
        onClick={onAll}
      />
    </div>
  );
}
