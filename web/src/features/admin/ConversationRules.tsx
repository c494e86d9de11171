import { call } from "../../api/call";
import type { ConversationPolicy } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { CheckField } from "../../ui/CheckField";
import { useForm } from "../../ui/form";
import { SelectField } from "../../ui/SelectField";
import { useSave, wordsFor } from "./act";
import { limitOptions, numberOf, textOf } from "./keepingWords";
import { SavedForm } from "./SavedForm";

const CREATING = [
  { value: "everybody", label: t("Everybody") },
  { value: "admins", label: t("Who manages conversations") },
] as const;

const EXPORTING = [
  { value: "members", label: t("Those who are in it") },
  { value: "admins", label: t("Its admins") },
  { value: "nobody", label: t("Who manages conversations") },
] as const;

const HISTORIES = [
  { value: "all", label: t("What was said before, too") },
  { value: "joined", label: t("Only what is said after they come") },
] as const;

/** What people may do with what they wrote, and what is shown of it. */
export function ConversationRules({ policy }: { policy: ConversationPolicy }) {
  const save = useSave();
  const form = useForm(
    {
      edit_seconds: textOf(policy.edit_seconds),
      delete_seconds: textOf(policy.delete_seconds),
      creating: policy.creating,
      history: policy.history,
      hides_revisions: policy.hides_revisions,
      hides_reading: policy.hides_reading,
      exporting: policy.exporting,
      shows_previews: policy.shows_previews,
      shows_outside_previews: policy.shows_outside_previews,
    },
    { words: wordsFor },
  );
  const send = form.submit(({ edit_seconds, delete_seconds, ...rest }) =>
    save(
      () =>
        call("PATCH /api/v1/conversations/policy/", {
          body: { ...rest, edit_seconds: numberOf(edit_seconds), delete_seconds: numberOf(delete_seconds) },
        }),
      t("Saved. It counts at once."),
    ),
  );
  const { values } = form;
  return (
    <SavedForm title={t("What people may do")} form={form} onSubmit={send}>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t("Messages may be edited for")}
          options={limitOptions(textOf(policy.edit_seconds))}
          {...form.choice("edit_seconds")}
        />
        <SelectField
          label={t("Messages may be deleted for")}
          hint={t("By who wrote them; admins of a conversation always may.")}
          options={limitOptions(textOf(policy.delete_seconds))}
          {...form.choice("delete_seconds")}
        />
        <SelectField label={t("Who may open channels")} options={CREATING} {...form.choice("creating")} />
        <SelectField
          label={t("Who may take a conversation out as files")}
          options={EXPORTING}
          {...form.choice("exporting")}
        />
        <SelectField
          label={t("What newcomers of groups and private channels see")}
          hint={t("A conversation may say otherwise. It counts for who comes from now on.")}
          options={HISTORIES}
          {...form.choice("history")}
        />
      </div>
      <CheckField
        label={t("Hide what a message said before it was edited")}
        hint={t("From all but the admins of the conversation.")}
        isOn={values.hides_revisions}
        onChange={(hides_revisions) => form.set({ hides_revisions })}
      />
      <CheckField
        label={t("Show nobody who has read what")}
        hint={t("Otherwise each person chooses for themselves.")}
        isOn={values.hides_reading}
        onChange={(hides_reading) => form.set({ hides_reading })}
      />
      <CheckField
        label={t("Show previews of links")}
        hint={t("The server looks at the pages that messages lead to. Pages are not told who wrote or reads.")}
        isOn={values.shows_previews}
        onChange={(shows_previews) => form.set({ shows_previews })}
      />
      {values.shows_previews && (
        <CheckField
          label={t("Also of links that people outside send by mail")}
          hint={t("Their pages then learn when a mail of theirs has arrived.")}
          isOn={values.shows_outside_previews}
          onChange={(shows_outside_previews) => form.set({ shows_outside_previews })}
        />
      )}
    </SavedForm>
  );
}
