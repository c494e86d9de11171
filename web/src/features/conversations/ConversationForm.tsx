import { useQueryClient } from "@tanstack/react-query";
import type { Conversation } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { t } from "../../lib/i18n";
import { writeConversation } from "../../sync/chat-cache";
import { Button } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";

const VISIBILITIES = [
  { value: "private", label: t("By invitation only") },
  { value: "organisation", label: t("Open to the organisation") },
] as const;

const WHO = [
  { value: "everybody", label: t("Everybody in it") },
  { value: "admins", label: t("Its admins") },
] as const;

const AS_ELSEWHERE = "";
type History = NonNullable<Conversation["history"]> | typeof AS_ELSEWHERE;
const HISTORIES: { value: History; label: string }[] = [
  { value: AS_ELSEWHERE, label: t("As the organisation says") },
  { value: "all", label: t("What was said before, too") },
  { value: "joined", label: t("Only what is said after they come") },
];

/** For its admins. */
export function ConversationForm({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const client = useQueryClient();
  const { name, topic, visibility, posting, inviting } = conversation;
  const history: History = conversation.history ?? AS_ELSEWHERE;
  const start = { name, topic, visibility, posting, inviting, history };
  const form = useForm(start);
  const save = async (values: typeof start) => {
    const { visibility: seen, history: shown, ...others } = values;
    const now = await chat.change(conversation.id, {
      ...others,
      ...(conversation.kind === "channel" ? { visibility: seen } : {}),
      ...(shown === history ? {} : { history: shown === AS_ELSEWHERE ? null : shown }),
    });
    writeConversation(client, conversation.id, () => now);
    onDone();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={form.submit(save)}>
      <Field label={t("Name")} maxLength={100} {...form.field("name")} />
      <Field label={t("Topic")} maxLength={500} {...form.field("topic")} />
      {conversation.kind === "channel" && (
        <SelectField label={t("Who may find and join it")} options={VISIBILITIES} {...form.choice("visibility")} />
      )}
      <SelectField label={t("Who may write")} options={WHO} {...form.choice("posting")} />
      <SelectField label={t("Who may bring people in")} options={WHO} {...form.choice("inviting")} />
      <SelectField
        label={t("What newcomers see")}
        hint={
          form.values.visibility === "organisation"
            ? t("Everybody of the organisation can read what is open to it; this counts for guests.")
            : t("It counts for who comes from now on, and is told to everybody in it.")
        }
        options={HISTORIES}
        {...form.choice("history")}
      />
      {form.problem && (
        <p role="alert" className="text-sm text-danger">
          {form.problem}
        </p>
      )}
      <div className="flex gap-2">
        <Button kind="primary" type="submit" isBusy={form.isBusy}>
          {t("Save")}
        </Button>
        <Button onClick={onDone}>{t("Cancel")}</Button>
      </div>
    </form>
  );
}
