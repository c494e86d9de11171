import { useQueryClient } from "@tanstack/react-query";
import { BellOff, BellRing, Check, EyeOff, FolderInput, FolderMinus, MessageSquareDot, Star } from "lucide-react";
import { t } from "../../lib/i18n";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../../ui/Menu";
import type { Listed } from "./listing";
import { nameOf } from "./listing";
import { askFolder, openLineMenu, useListView } from "./listView";
import { favour, hide, keepUnread, moveTo, mute, readAll } from "./placeActs";

/** What one does with a conversation of the list, where it was asked for: by the other mouse button, a key, a finger. */
export function LineMenu({ all }: { all: readonly Listed[] }) {
  const menu = useListView((view) => view.menu);
  const listed = all.find((one) => one.conversation.id === menu?.id);
  if (!menu || !listed?.conversation.me) return null;
  return (
    <Menu
      key={`${menu.id} ${menu.at.x} ${menu.at.y}`}
      label={nameOf(listed.conversation)}
      isOpen
      onOpenChange={(isOpen) => !isOpen && openLineMenu(null)}
      onClosed={() => focusLine(menu.id)}
      trigger={
        <button
          type="button"
          aria-hidden
          tabIndex={-1}
          className="pointer-events-none fixed size-px opacity-0"
          style={{ left: menu.at.x, top: menu.at.y }}
        />
      }
    >
      <Items listed={listed} />
    </Menu>
  );
}

function focusLine(id: string): void {
  const before = document.activeElement;
  if (before && before !== document.body && !before.closest("[role='menu']")) return;
  document.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(id)}"]`)?.focus();
}

function Items({ listed }: { listed: Listed }) {
  const client = useQueryClient();
  const { conversation: one, unread, isMarked, isMuted } = listed;
  const { me } = one;
  const isUnread = unread > 0 || isMarked;
  return (
    <>
      {isUnread ? (
        <MenuItem icon={Check} keys="shift+i" onSelect={() => void readAll(client, one)}>
          {t("Mark as read")}
        </MenuItem>
      ) : (
        <MenuItem icon={MessageSquareDot} onSelect={() => void keepUnread(client, one)}>
          {t("Mark as unread")}
        </MenuItem>
      )}
      <MenuItem icon={Star} keys="shift+s" onSelect={() => void favour(client, one)}>
        {me?.is_favourite ? t("No favourite any more") : t("Make it a favourite")}
      </MenuItem>
      <MenuItem icon={FolderInput} keys="v" onSelect={() => requestAnimationFrame(() => askFolder(one.id))}>
        {t("Move to a folder …")}
      </MenuItem>
      {me?.folder && (
        <MenuItem icon={FolderMinus} onSelect={() => void moveTo(client, one, "")}>
          {t("Out of {folder}", { folder: me.folder })}
        </MenuItem>
      )}
      <MenuLine />
      {isMuted ? (
        <MenuItem icon={BellRing} keys="shift+m" onSelect={() => void mute(client, one, "off")}>
          {t("Hear of it again")}
        </MenuItem>
      ) : (
        <>
          <MenuLabel>{t("Mute")}</MenuLabel>
          <MenuItem icon={BellOff} onSelect={() => void mute(client, one, "hour")}>
            {t("For an hour")}
          </MenuItem>
          <MenuItem icon={BellOff} onSelect={() => void mute(client, one, "day")}>
            {t("For a day")}
          </MenuItem>
          <MenuItem icon={BellOff} keys="shift+m" onSelect={() => void mute(client, one, "ever")}>
            {t("Until I say otherwise")}
          </MenuItem>
        </>
      )}
      <MenuLine />
      <MenuItem icon={EyeOff} onSelect={() => void hide(client, one)}>
        {t("Out of the list until something new comes")}
      </MenuItem>
    </>
  );
}
