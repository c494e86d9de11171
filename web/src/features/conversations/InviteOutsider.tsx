import { messageOf } from "../../api/error";
import type { Mode } from "../../api/outside";
import { t } from "../../lib/i18n";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { wasCancelled } from "../auth/passkeys";
import { NotProven } from "../security/stepUp";
import { MODES } from "./outsideWords";

type InviteOutsiderProps = {
  onAsk: (address: string, name: string, mode: Mode) => Promise<void>;
  onClose: () => void;
};

const EMPTY = { address: "", name: "", mode: "each" as Mode };

export function InviteOutsider({ onAsk, onClose }: InviteOutsiderProps) {
  const form = useForm(EMPTY, {
    byCode: { invalid_address: "address", address_is_here: "address", outsider_exists: "address" },
    words: (error) => (error instanceof NotProven || wasCancelled(error) ? null : messageOf(error)),
  });
  const submit = form.submit(async ({ address, name, mode }) => {
    await onAsk(address.trim(), name.trim(), mode);
    onClose();
  });
  return (
    <FormDialog
      title={t("Ask somebody in by e-mail")}
      submitLabel={t("Ask in")}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-sm text-muted">
        {t("They get what is said here from now on as mail, and answer it. What was said before is not sent.")}
      </p>
      <Field
        label={t("E-mail address")}
        inputMode="email"
        autoComplete="off"
        autoFocus
        required
        maxLength={320}
        {...form.field("address")}
      />
      <Field
        label={t("Name")}
        hint={t("What they write stands under it.")}
        autoComplete="off"
        required
        maxLength={200}
        {...form.field("name")}
      />
      <SelectField label={t("They get")} options={MODES} {...form.choice("mode")} />
    </FormDialog>
  );
}
