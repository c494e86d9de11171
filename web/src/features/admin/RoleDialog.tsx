import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { PermissionsEnum, RoleShape } from "../../api/generated/schema";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { useSave, wordsFor } from "./act";
import { Waiting } from "./parts";
import { permissionsQuery } from "./queries";
import { isWithin, roleName } from "./roles";

export type RoleDialogProps = { role: RoleShape | null; held: readonly string[]; onClose: () => void };

/** A role made or changed; a built-in one, or one above one's own, is only looked at. */
export function RoleDialog({ role, held, onClose }: RoleDialogProps) {
  if (role && (role.is_built_in || !isWithin(role, held))) {
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={roleName(role)}
        isTextOnly
        footer={<Button onClick={onClose}>{t("Close")}</Button>}
      >
        {role.about && <p className="mb-3 text-sm text-muted">{role.about}</p>}
        <Permissions chosen={role.permissions} held={[]} />
      </Dialog>
    );
  }
  return <RoleForm role={role} held={held} onClose={onClose} />;
}

type RoleValues = { name: string; permissions: PermissionsEnum[] };

function RoleForm({ role, held, onClose }: RoleDialogProps) {
  const save = useSave();
  const initial: RoleValues = {
    name: role?.name ?? "",
    permissions: (role?.permissions ?? ["mail.read", "mail.write", "mail.send"]) as PermissionsEnum[],
  };
  const form = useForm<RoleValues>(initial, { words: wordsFor, byCode: { role_exists: "name" } });
  const { permissions } = form.values;
  const send = form.submit(async ({ name }) => {
    const body = { name: name.trim(), permissions };
    if (role)
      await save(
        () => call("PATCH /api/v1/roles/{role_id}/", { path: { role_id: role.id }, body }),
        t("Role saved. It counts at once."),
      );
    else await save(() => call("POST /api/v1/roles/", { body }), t("Role made."));
    onClose();
  });
  const toggle = (name: PermissionsEnum) =>
    form.set({
      permissions: permissions.includes(name) ? permissions.filter((one) => one !== name) : [...permissions, name],
    });
  return (
    <FormDialog
      title={role ? t("Change the role") : t("Make a role")}
      submitLabel={role ? t("Save") : t("Make it")}
      form={form}
      onSubmit={send}
      onClose={onClose}
      width="normal"
    >
      <Field
        label={t("Name")}
        type="text"
        autoComplete="off"
        autoFocus
        required
        maxLength={100}
        {...form.field("name")}
      />
      <Permissions chosen={permissions} held={held} onToggle={toggle} />
      {form.errorOf("permissions") && <p className="text-sm text-danger">{form.errorOf("permissions")}</p>}
    </FormDialog>
  );
}

type PermissionsProps = {
  chosen: readonly string[];
  /** Which of them one holds, and so may give. */
  held: readonly string[];
  onToggle?: (name: PermissionsEnum) => void;
};

function Permissions({ chosen, held, onToggle }: PermissionsProps) {
  const query = useQuery(permissionsQuery);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t("It may")}</legend>
      <Waiting of={query} />
      <ul className="flex flex-col rounded-md border border-line">
        {query.data?.map(({ name, meaning }) => {
          const isOurs = onToggle === undefined || held.includes(name);
          return (
            <li key={name} className="border-t border-line first:border-t-0">
              <label className={cx("flex items-start gap-3 px-3 py-2", !isOurs && "text-muted")}>
                <input
                  type="checkbox"
                  checked={chosen.includes(name)}
                  disabled={onToggle === undefined || !isOurs}
                  onChange={() => onToggle?.(name as PermissionsEnum)}
                  className="mt-[3px] accent-(--accent)"
                />
                <span className="min-w-0 text-sm">
                  <span className="block">{meaning}</span>
                  <span className="block text-xs text-muted">
                    {name}
                    {!isOurs && ` · ${t("you do not have it yourself")}`}
                  </span>
                </span>
              </label>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
