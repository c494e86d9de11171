import { useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronRight, Ellipsis, FolderX, Pencil } from "lucide-react";
import type { DragEvent } from "react";
import { useState } from "react";
import type { Conversation } from "../../api/chat";
import { cx } from "../../lib/classes";
import { plural, t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem } from "../../ui/Menu";
import { setCollapsed, useCollapsed } from "../rail/collapsed";
import { ConversationLine } from "./ConversationLine";
import type { Listed } from "./listing";
import { isLoud, sectionsOf, shownOf } from "./listing";
import { askFolderName, useListView } from "./listView";
import { changePlace, dropFolder, moveTo } from "./placeActs";

export type LinesProps = { openId: string | null; hasDraft: ReadonlySet<string>; meId: string };

const isShown = ({ conversation }: Listed) =>
  (conversation.me?.hidden_number ?? 0) < Math.max(conversation.last_number, 1);

/** Favourites, what is unread, one's folders, the rest: each can be closed, and all but the unread take what is dropped. */
export function Sections({ all, ...rest }: LinesProps & { all: readonly Listed[] }) {
  const client = useQueryClient();
  const { favourites, unread, folders, others } = sectionsOf(all.filter(isShown));
  const hasMore = favourites.length + unread.length + folders.length > 0;
  const find = (id: string) => all.find((one) => one.conversation.id === id)?.conversation;
  const take = (act: (one: Conversation) => unknown) => (id: string) => {
    const one = find(id);
    if (one?.me) void act(one);
  };
  // Below all others, so that nothing moves under the hand.
  const isDragging = useListView((view) => view.draggedId !== null);
  return (
    <>
      {favourites.length > 0 && (
        <Section
          id="favourites"
          title={t("Favourites")}
          some={favourites}
          onDrop={take((one) => changePlace(client, one, { is_favourite: true }))}
          {...rest}
        />
      )}
      {unread.length > 0 && <Section id="unread" title={t("Unread")} some={unread} {...rest} />}
      {folders.map((folder) => (
        <Section
          key={folder.name}
          id={`folder ${folder.name}`}
          title={folder.name}
          folder={folder.name}
          some={folder.all}
          onDrop={take((one) => moveTo(client, one, folder.name))}
          {...rest}
        />
      ))}
      {(others.length > 0 || isDragging) && (
        <Section
          id="others"
          title={hasMore ? t("Others") : t("All")}
          some={others}
          onDrop={take((one) => moveTo(client, one, ""))}
          {...rest}
        />
      )}
    </>
  );
}

type SectionProps = LinesProps & {
  id: string;
  title: string;
  some: readonly Listed[];
  folder?: string;
  onDrop?: (id: string) => void;
};

function Section({ id, title, some, folder, onDrop, openId, ...rest }: SectionProps) {
  const key = `chat ${id}`;
  const isClosed = useCollapsed(({ ids }) => ids.has(key));
  const shown = shownOf(some, isClosed, openId);
  const { isOver, ...target } = useDrop(onDrop);
  const Chevron = isClosed ? ChevronRight : ChevronDown;
  const loud = some.filter(isLoud).length;
  return (
    <section aria-label={title} {...target} className={cx("group/section mb-2 rounded-md", isOver && "bg-accent-soft")}>
      <div className="flex h-7 items-center pr-0.5">
        <h3 className="min-w-0 flex-1">
          <button
            type="button"
            aria-expanded={!isClosed}
            onClick={() => setCollapsed(key, !isClosed)}
            className="flex h-7 max-w-full items-center gap-1 rounded px-1 text-xs font-medium text-muted hover:text-ink focus-visible:-outline-offset-2 max-sm:h-9"
          >
            <Chevron size={14} aria-hidden className="shrink-0" />
            <span dir="auto" className="truncate">
              {title}
            </span>
            {isClosed && (
              <span className={cx("tabular shrink-0", loud > 0 && "font-semibold text-accent")}>
                {loud > 0 ? loud : some.length}
                <span className="sr-only">
                  {loud > 0 ? t(" unread") : plural(some.length, " conversation", " conversations")}
                </span>
              </span>
            )}
          </button>
        </h3>
        {folder !== undefined && <FolderMenu folder={folder} inside={some} />}
      </div>
      {shown.length > 0 && (
        <ul aria-label={title} className="flex flex-col gap-px">
          {shown.map((one) => (
            <li key={one.conversation.id} className="group/line relative">
              <Line listed={one} openId={openId} {...rest} />
            </li>
          ))}
        </ul>
      )}
      {isOver && some.length === 0 && <p className="px-2 pb-2 text-xs text-muted">{t("Drop it here")}</p>}
    </section>
  );
}

export function Line({ listed, openId, hasDraft, meId }: LinesProps & { listed: Listed }) {
  const { id } = listed.conversation;
  const isOpen = id === openId;
  return <ConversationLine listed={listed} isOpen={isOpen} hasDraft={hasDraft.has(id) && !isOpen} meId={meId} />;
}

/** Takes a conversation that is dragged over it. */
function useDrop(onDrop: ((id: string) => void) | undefined) {
  const [isOver, setOver] = useState(false);
  if (!onDrop) return { isOver: false };
  return {
    isOver,
    onDragOver: (event: DragEvent) => {
      if (useListView.getState().draggedId === null) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      const { draggedId } = useListView.getState();
      event.preventDefault();
      setOver(false);
      if (draggedId) onDrop(draggedId);
    },
  };
}

function FolderMenu({ folder, inside }: { folder: string; inside: readonly Listed[] }) {
  const client = useQueryClient();
  return (
    <Menu
      label={t("Folder {name}", { name: folder })}
      align="end"
      trigger={
        <IconButton
          icon={Ellipsis}
          size="small"
          label={t("More about the folder {name}", { name: folder })}
          className="opacity-0 group-hover/section:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
        />
      }
    >
      <MenuItem icon={Pencil} onSelect={() => requestAnimationFrame(() => askFolderName(folder))}>
        {t("Rename")}
      </MenuItem>
      <MenuItem
        icon={FolderX}
        onSelect={() =>
          void dropFolder(
            client,
            folder,
            inside.map((one) => one.conversation),
          )
        }
      >
        {t("Take the folder away")}
      </MenuItem>
    </Menu>
  );
}
