import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { LimitsShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { CheckField } from "../../ui/CheckField";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { useSave, wordsFor } from "./act";
import { sendingLimitsQuery } from "./queries";
import { SavedForm } from "./SavedForm";

const MOST = 1_000_000;

export function SendingLimits() {
  const limits = useQuery(sendingLimitsQuery).data;
  if (!limits) return null;
  const { used_messages, used_new_recipients, ...figures } = limits;
  return <Figures key={JSON.stringify(figures)} limits={limits} />;
}

function Figures({ limits }: { limits: LimitsShape }) {
  const save = useSave();
  const form = useForm(
    {
      messages: String(limits.messages),
      new_recipients: String(limits.new_recipients),
      all_messages: String(limits.all_messages),
      all_new_recipients: String(limits.all_new_recipients),
      is_watched: limits.is_watched,
    },
    { words: wordsFor },
  );
  const send = form.submit(({ is_watched, ...texts }) => {
    const numbers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]));
    return save(
      () => call("PATCH /api/v1/sending/limits/", { body: { ...numbers, is_watched } }),
      t("Saved. It counts at once."),
    );
  });
  const number = { type: "number", min: 0, max: MOST, required: true } as const;
  return (
    <SavedForm title={t("How much may be sent in a day")} form={form} onSubmit={send}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Mails of one person")} {...number} {...form.field("messages")} />
        <Field
          label={t("People that one person never wrote to before")}
          {...number}
          {...form.field("new_recipients")}
        />
        <Field
          label={t("Mails of all together")}
          hint={t("{n} in the last 24 hours", { n: limits.used_messages })}
          {...number}
          {...form.field("all_messages")}
        />
        <Field
          label={t("New people of all together")}
          hint={t("{n} in the last 24 hours", { n: limits.used_new_recipients })}
          {...number}
          {...form.field("all_new_recipients")}
        />
      </div>
      <CheckField
        label={t("Hold mail that looks like a thief's")}
        hint={t("When somebody all of a sudden writes to a crowd of new people, or much of their mail comes back.")}
        isOn={form.values.is_watched}
        onChange={(is_watched) => form.set({ is_watched })}
      />
    </SavedForm>
  );
}
