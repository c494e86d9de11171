import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, RotateCcw, Trash2, UserCheck, UserPen, UserX } from "lucide-react";
import type { UserShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Menu, MenuItem, MenuLine } from "../../ui/Menu";
import { useAct } from "./act";
import { deletePerson, nameOf, restorePerson, switchOff, switchOn } from "./personActs";

/** What can be done with somebody from the list. All of it can be taken back. */
export function PersonMenu({ person }: { person: UserShape }) {
  const navigate = useNavigate();
  const { act, isBusy } = useAct();
  const label = t("What to do with {name}", { name: nameOf(person) });
  const open = () =>
    void navigate({
      to: "/organisation/$section/$itemId",
      params: { section: "people", itemId: person.id },
      search: {},
    });
  return (
    <Menu
      align="end"
      label={label}
      trigger={<IconButton icon={Ellipsis} label={label} size="small" disabled={isBusy} className="relative z-10" />}
    >
      <MenuItem icon={UserPen} onSelect={open}>
        {t("Open")}
      </MenuItem>
      <MenuLine />
      {person.deleted_at ? (
        <MenuItem icon={RotateCcw} onSelect={() => void act(restorePerson(person))}>
          {t("Restore")}
        </MenuItem>
      ) : (
        <>
          <MenuItem
            icon={person.is_active ? UserX : UserCheck}
            onSelect={() => void act(person.is_active ? switchOff(person) : switchOn(person))}
          >
            {person.is_active ? t("Switch off") : t("Switch on")}
          </MenuItem>
          <MenuItem icon={Trash2} isDanger onSelect={() => void act(deletePerson(person))}>
            {t("Delete")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
