import { call } from "../../api/call";
import type { ManagedConversation } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { FormDialog } from "../../ui/FormDialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { useSave, wordsFor } from "./act";
import { ExpiringLine, MOST_DAYS, useExpiring } from "./Expiring";
import { numberOf, textOf } from "./keepingWords";
import { nameOf } from "./ManagedList";

type ManagedKeepingProps = { conversation: ManagedConversation; onClose: () => void };

/** How long one conversation keeps its messages, with what would go before it is said. */
export function ManagedKeeping({ conversation, onClose }: ManagedKeepingProps) {
  const save = useSave();
  const { id } = conversation;
  const form = useForm({ retention_days: textOf(conversation.retention_days) }, { words: wordsFor });
  const expiring = useExpiring(form.values.retention_days, id);
  const isLoss = expiring !== null && expiring.messages > 0 && !expiring.is_held;
  const send = form.submit(async ({ retention_days }) => {
    await save(
      () =>
        call("PATCH /api/v1/conversations/managed/{conversation_id}/", {
          path: { conversation_id: id },
          body: { retention_days: numberOf(retention_days) },
        }),
      t("Saved. It counts at once."),
    );
    onClose();
  });
  return (
    <FormDialog
      title={t("How long {name} keeps messages", { name: nameOf(conversation) })}
      submitLabel={isLoss ? t("Let them go") : t("Save")}
      form={form}
      onSubmit={send}
      onClose={onClose}
    >
      <Field
        label={t("Days")}
        hint={t("Left empty, as long as all conversations.")}
        type="number"
        min={1}
        max={MOST_DAYS}
        {...form.field("retention_days")}
      />
      <ExpiringLine of={expiring} />
    </FormDialog>
  );
}
