import { useState } from "react";
import { call } from "../../api/call";
import type { ConversationPolicy } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { CheckField } from "../../ui/CheckField";
import { Dialog } from "../../ui/Dialog";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { useAct, useSave, wordsFor } from "./act";
import { ExpiringLine, MOST_DAYS, useExpiring } from "./Expiring";
import { expiringWords, numberOf, textOf } from "./keepingWords";
import { SavedForm } from "./SavedForm";

const DONE = t("Saved. It counts at once.");

type Values = { retention_days: string; is_held: boolean };

/** How long messages are kept where a conversation says nothing else, and the hold that overrides it. */
export function ConversationKeeping({ policy }: { policy: ConversationPolicy }) {
  const save = useSave();
  const { act } = useAct();
  const form = useForm<Values>(
    { retention_days: textOf(policy.retention_days), is_held: policy.is_held },
    { words: wordsFor },
  );
  const [asked, setAsked] = useState<Values | null>(null);
  const { values } = form;
  const expiring = useExpiring(values.retention_days, null);
  const put = ({ retention_days, is_held }: Values) =>
    call("PATCH /api/v1/conversations/policy/", { body: { retention_days: numberOf(retention_days), is_held } });
  const isLoss = (wanted: Values) =>
    numberOf(wanted.retention_days) !== null && !wanted.is_held && (expiring?.messages ?? 0) > 0;
  const send = form.submit(async (wanted) => {
    if (isLoss(wanted)) setAsked(wanted);
    else await save(() => put(wanted), DONE);
  });
  return (
    <>
      <SavedForm title={t("How long messages are kept")} form={form} onSubmit={send}>
        <Field
          label={t("Days")}
          hint={t("Left empty, for ever. A conversation may have days of its own, below.")}
          type="number"
          min={1}
          max={MOST_DAYS}
          className="max-w-32"
          {...form.field("retention_days")}
        />
        <ExpiringLine of={expiring} />
        <CheckField
          label={t("Legal hold on all conversations")}
          hint={t(
            "Nothing goes by itself and no conversation can be deleted. What people delete is kept, and nobody is shown it.",
          )}
          isOn={values.is_held}
          onChange={(is_held) => form.set({ is_held })}
        />
      </SavedForm>
      {asked && expiring && (
        <Dialog
          isOpen
          onClose={() => setAsked(null)}
          title={t("Let messages go?")}
          width="narrow"
          footer={
            <>
              <Button onClick={() => setAsked(null)}>{t("Cancel")}</Button>
              <Button
                kind="danger"
                onClick={() => {
                  setAsked(null);
                  void act({ run: () => put(asked), done: DONE });
                }}
              >
                {t("Keep no longer")}
              </Button>
            </>
          }
        >
          <p className="text-base">{expiringWords(expiring)}</p>
          <p className="pt-2 text-sm text-muted">{t("It cannot be taken back.")}</p>
        </Dialog>
      )}
    </>
  );
}
