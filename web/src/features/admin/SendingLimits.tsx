import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { LimitsShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { useSave, wordsFor } from "./act";
import { Card } from "./parts";
import { FormProblem } from "../../ui/FormProblem";
import { sendingLimitsQuery } from "./queries";

const MOST = 1_000_000;

export function SendingLimits() {
  const limits = useQuery(sendingLimitsQuery).data;
  if (!limits) return null;
  const { used_messages, used_new_recipients, ...figures } = limits;
  return (
    <Card title={t("How much may be sent in a day")}>
      <Figures key={JSON.stringify(figures)} limits={limits} />
    </Card>
  );
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
    <form
      onSubmit={send}
      aria-label={t("How much may be sent in a day")}
      className="flex flex-col gap-4 rounded-md border border-line bg-raised p-4"
    >
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
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          checked={form.values.is_watched}
          onChange={(event) => form.set({ is_watched: event.target.checked })}
          className="mt-[3px] accent-(--accent)"
        />
        <span className="min-w-0">
          <span className="block text-base font-medium">{t("Hold mail that looks like a thief's")}</span>
          <span className="block text-sm text-muted">
            {t("When somebody all of a sudden writes to a crowd of new people, or much of their mail comes back.")}
          </span>
        </span>
      </label>
      <FormProblem text={form.problem} />
      <Button type="submit" kind="primary" className="self-start" isBusy={form.isBusy}>
        {t("Save")}
      </Button>
    </form>
  );
}
