/** Roles as people call them, and which of them one may give. */
import { useQuery } from "@tanstack/react-query";
import type { RoleShape } from "../../api/generated/schema";
import { myselfQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import type { SelectOption } from "../../ui/Select";
import { rolesQuery } from "./queries";

const BUILT_IN: { [name: string]: string } = {
  owner: t("Owner"),
  admin: t("Administrator"),
  member: t("Member"),
  guest: t("Guest"),
};

export function roleName(role: Pick<RoleShape, "id" | "name">): string {
  return BUILT_IN[role.id] ?? role.name;
}

/** Nobody gives more than they hold. */
export function isWithin(role: Pick<RoleShape, "permissions">, held: readonly string[]): boolean {
  return role.permissions.every((one) => held.includes(one));
}

const optionOf = (role: RoleShape): SelectOption<string> => ({ value: role.id, label: roleName(role) });

export type Roles = {
  nameOf: (key: string) => string;
  /** Every role there is. */
  all: SelectOption<string>[];
  /** Those that one may give. */
  options: SelectOption<string>[];
  roles: RoleShape[];
};

/** Who may not see the list of roles knows the built-in names all the same. */
export function useRoles(): Roles {
  const held = useQuery(myselfQuery).data?.permissions ?? [];
  const maySee = held.includes("roles.manage") || held.includes("users.read");
  const { data } = useQuery({ ...rolesQuery, enabled: maySee });
  const roles = data ?? [];
  return {
    roles,
    all: roles.map(optionOf),
    options:
      roles.length > 0
        ? roles.filter((role) => isWithin(role, held)).map(optionOf)
        : [{ value: "member", label: t("Member") }],
    nameOf: (key) => BUILT_IN[key] ?? roles.find((role) => role.id === key)?.name ?? t("A role of your own"),
  };
}
