import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/call";
import type { RoleShape } from "../../api/generated/schema";
import { myselfQuery } from "../../api/myself";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { type Column, ROW_LINK, Table } from "../../ui/Table";
import { useAct } from "./act";
import { PageHead, Waiting } from "./parts";
import { rolesQuery } from "./queries";
import { RoleDialog } from "./RoleDialog";
import { isWithin, roleName } from "./roles";

export function RolesSection() {
  const roles = useQuery(rolesQuery);
  const held = useQuery(myselfQuery).data?.permissions ?? [];
  const { act, isBusy } = useAct();
  const [open, setOpen] = useState<RoleShape | "new" | null>(null);
  const remove = (role: RoleShape) =>
    act({
      run: () => call("DELETE /api/v1/roles/{role_id}/", { path: { role_id: role.id } }),
      done: t("{name} is gone.", { name: role.name }),
    });
  const columns: Column<RoleShape>[] = [
    {
      id: "name",
      title: t("Role"),
      className: "w-full max-w-0",
      cell: (role) => (
        <>
          <button type="button" className={`${ROW_LINK} block max-w-full text-left`} onClick={() => setOpen(role)}>
            <span dir="auto" className="block truncate">
              {roleName(role)}
            </span>
          </button>
          <span className="block truncate text-muted">
            {role.about || plural(role.permissions.length, "{n} permission", "{n} permissions")}
          </span>
        </>
      ),
    },
    {
      id: "state",
      title: t("Kind"),
      className: "text-right whitespace-nowrap",
      cell: (role) =>
        role.is_built_in ? (
          <Chip>{t("Built in")}</Chip>
        ) : (
          <Button
            size="small"
            className="relative z-10"
            disabled={isBusy || !isWithin(role, held)}
            aria-label={t("Delete {name}", { name: role.name })}
            onClick={() => void remove(role)}
          >
            {t("Delete")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <PageHead
        title={t("Roles")}
        about={t("What people may do comes from their role. Nobody gives more than they hold.")}
      >
        <Button kind="primary" onClick={() => setOpen("new")}>
          <Plus size={16} aria-hidden />
          {t("Make a role")}
        </Button>
      </PageHead>
      <Waiting of={roles} />
      {roles.data && <Table label={t("Roles")} columns={columns} items={roles.data} keyOf={(one) => one.id} />}
      {open && (
        <RoleDialog
          key={open === "new" ? open : open.id}
          role={open === "new" ? null : open}
          held={held}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
