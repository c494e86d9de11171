import {
  Archive,
  ArrowLeft,
  Ban,
  ChevronDown,
  ChevronUp,
  Ellipsis,
  FolderInput,
  Inbox,
  Mail,
  Star,
  Tag,
  Trash2,
} from "lucide-react";
import type { Thread } from "../../api/types";
import { here } from "../../commands/here";
import { commandOf, runCommand } from "../../commands/registry";
import { t } from "../../lib/i18n";
import { rowOfThread } from "../../sync/cache";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";

/** Of two commands that share a place, the first that makes sense here is shown. */
function available(ids: string[], threadId: string): string | null {
  const context = here([threadId]);
  return ids.find((id) => context && (commandOf(id).when?.(context) ?? true)) ?? null;
}

export function ThreadBar({ threadId, thread }: { threadId: string; thread: Thread | undefined }) {
  const row = rowOfThread(thread);
  const run = (id: string) => () => void runCommand(id, [threadId]);
  const away = available(["trash", "destroy"], threadId);
  return (
    <div
      role="toolbar"
      aria-label={t("Thread")}
      data-print="none"
      className="flex h-13 shrink-0 items-center gap-0.5 border-b border-line px-3 max-sm:px-1"
    >
      <IconButton
        icon={ArrowLeft}
        label={t("Back to the list")}
        keys="u"
        className="sm:hidden"
        size="large"
        onClick={() => runCommand("back")}
      />
      {available(["archive"], threadId) && (
        <IconButton icon={Archive} label={t("Archive")} keys="e" onClick={run("archive")} />
      )}
      {available(["inbox"], threadId) && <IconButton icon={Inbox} label={t("Move to inbox")} onClick={run("inbox")} />}
      {away && <IconButton icon={Trash2} label={commandOf(away).title} keys="#" onClick={run(away)} />}
      <IconButton icon={Mail} label={t("Mark as unread")} keys="shift+u" onClick={run("unread")} />
      <IconButton icon={FolderInput} label={t("Move to …")} keys="v" className="max-sm:hidden" onClick={run("move")} />
      <IconButton icon={Tag} label={t("Label …")} keys="l" className="max-sm:hidden" onClick={run("label")} />
      <IconButton
        icon={Star}
        label={row?.is_flagged ? t("Remove star") : t("Star")}
        keys="s"
        aria-pressed={row?.is_flagged ?? false}
        iconClassName={row?.is_flagged ? "fill-star text-star" : ""}
        onClick={run(row?.is_flagged ? "unstar" : "star")}
      />
      <MoreMenu threadId={threadId} />
      <span className="ml-auto flex">
        <IconButton icon={ChevronUp} label={t("Previous thread")} keys="k" onClick={() => runCommand("previous")} />
        <IconButton icon={ChevronDown} label={t("Next thread")} keys="j" onClick={() => runCommand("next")} />
      </span>
    </div>
  );
}

function MoreMenu({ threadId }: { threadId: string }) {
  const run = (id: string) => () => void runCommand(id, [threadId]);
  const junk = available(["junk", "not-junk"], threadId);
  return (
    <Menu label={t("More")} trigger={<IconButton icon={Ellipsis} label={t("More")} keys="." />}>
      {junk && (
        <MenuItem icon={Ban} keys="!" onSelect={run(junk)}>
          {commandOf(junk).title}
        </MenuItem>
      )}
      <MenuItem icon={FolderInput} keys="v" onSelect={run("move")}>
        {t("Move to …")}
      </MenuItem>
      <MenuItem icon={Tag} keys="l" onSelect={run("label")}>
        {t("Label …")}
      </MenuItem>
      <MenuLine />
      <MenuItem keys="mod+k" onSelect={() => runCommand("palette")}>
        {t("All commands")}
      </MenuItem>
    </Menu>
  );
}
