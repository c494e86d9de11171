import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Desk } from "../../api/notes";
import { changeDesk, deskQuery, noteKeys } from "../../api/notes";
import { t } from "../../lib/i18n";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { SelectField } from "../../ui/SelectField";
import { showToast } from "../../ui/toasts";

const REOPENINGS: { value: Desk["reopening"]; label: string }[] = [
  { value: "assignee", label: t("It is open again, and whose it was") },
  { value: "nobody", label: t("It is open again, and nobody's") },
  { value: "never", label: t("It stays done") },
];

type DeskDialogProps = { accountId: string; onClose: () => void };

/** How the threads of a mailbox are worked on; for who has every right on it. */
export function DeskDialog({ accountId, onClose }: DeskDialogProps) {
  const { data: desk } = useQuery(deskQuery(accountId));
  return desk ? <DeskForm key={desk.version} desk={desk} onClose={onClose} /> : null;
}

function DeskForm({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ reopening: desk.reopening });
  const save = async ({ reopening }: Pick<Desk, "reopening">) => {
    client.setQueryData(noteKeys.desk(desk.account_id), await changeDesk(desk, { reopening }));
    void client.invalidateQueries({ queryKey: noteKeys.lists });
    showToast({ message: t("Saved") });
    onClose();
  };
  return (
    <FormDialog
      title={t("How this mailbox is worked on")}
      submitLabel={t("Save")}
      form={form}
      onSubmit={form.submit(save)}
      onClose={onClose}
    >
      <SelectField
        label={t("When somebody writes to a thread that is done")}
        hint={t("For everybody who shares this mailbox. What the mailbox itself sends opens nothing.")}
        options={REOPENINGS}
        {...form.choice("reopening")}
      />
    </FormDialog>
  );
}
