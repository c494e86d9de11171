import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Conversation } from "../../api/chat";
import { chatKeys, chatPolicyQuery } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { myselfQuery } from "../../api/myself";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { Field } from "../../ui/Input";
import { SelectField } from "../../ui/SelectField";
import { PageFrame } from "./PageFrame";
import type { Chosen } from "./PeopleField";
import { PeopleField } from "./PeopleField";
import { useMeId } from "./useConversations";

type Kind = "people" | "channel" | "private";

const KINDS: { value: Kind; label: string }[] = [
  { value: "people", label: t("People: one, or a group") },
  { value: "channel", label: t("Channel, open to the organisation") },
  { value: "private", label: t("Private channel, by invitation") },
];

type Values = { kind: Kind; name: string; topic: string; user_ids: Chosen[] };

const START: Values = { kind: "people", name: "", topic: "", user_ids: [] };

/** One person is a direct conversation, which is there once; several are a group. */
function open({ kind, name, topic, user_ids: people }: Values): Promise<Conversation> {
  const user_ids = people.map((one) => one.id);
  if (kind === "people" && user_ids.length === 1 && !name) return chat.open({ kind: "direct", user_ids });
  const visibility = kind === "channel" ? "organisation" : "private";
  return chat.open({ kind: kind === "people" ? "group" : "channel", visibility, name, topic, user_ids });
}

export function NewConversation() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const meId = useMeId();
  const form = useForm(START);
  const mayManage = useQuery(myselfQuery).data?.permissions.includes("conversations.manage") ?? false;
  const isForManagers = useQuery(chatPolicyQuery).data?.creating === "admins";
  const kinds = isForManagers && !mayManage ? KINDS.slice(0, 1) : KINDS;
  const { kind, user_ids: people } = form.values;
  const isPeople = kind === "people";
  const isDirect = isPeople && people.length < 2;
  const act = async (values: Values) => {
    const made = await open(values);
    client.setQueryData<Conversation[]>(chatKeys.conversations, (all) =>
      all && !all.some((one) => one.id === made.id) ? [made, ...all] : all,
    );
    await navigate({ to: "/conversations/$conversationId", params: { conversationId: made.id }, search: {} });
  };
  return (
    <PageFrame title={t("New conversation")}>
      <form className="flex max-w-md flex-col gap-4 p-4" onSubmit={form.submit(act)}>
        <SelectField label={t("Kind")} options={kinds} {...form.choice("kind")} />
        <PeopleField
          label={isPeople ? t("With whom") : t("Bring in")}
          chosen={people}
          except={[meId]}
          error={form.errorOf("user_ids")}
          onChange={(user_ids) => form.set({ user_ids })}
        />
        {!isDirect && (
          <>
            <Field
              label={t("Name")}
              {...(isPeople ? { hint: t("May be left empty.") } : { required: true })}
              maxLength={100}
              {...form.field("name")}
            />
            <Field label={t("Topic")} hint={t("What it is for.")} maxLength={500} {...form.field("topic")} />
          </>
        )}
        {form.problem && (
          <p role="alert" className="text-sm text-danger">
            {form.problem}
          </p>
        )}
        <div className="flex gap-2">
          <Button kind="primary" type="submit" isBusy={form.isBusy} disabled={isPeople && people.length === 0}>
            {t("Open")}
          </Button>
          <Button
            onClick={() =>
              void navigate({
                to: "/conversations/$conversationId",
                params: { conversationId: "channels" },
                search: {},
              })
            }
          >
            {t("Browse channels")}
          </Button>
        </div>
      </form>
    </PageFrame>
  );
}
