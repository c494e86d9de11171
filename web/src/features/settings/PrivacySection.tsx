import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Blocked, ChatSettings, ChatSettingsChange } from "../../api/chat-privacy";
import { blocksQuery, chatSettingsQuery, privacy } from "../../api/chat-privacy";
import { messageOf } from "../../api/error";
import { shortDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/toasts";
import { useMayTalk } from "../conversations/useConversations";
import { Card } from "./Card";
import { ChoiceRow, SwitchRow } from "./controls";
import { PrivacyRows } from "./PrivacyRows";
import { useMyself } from "./useMyself";
import { Waiting } from "./Waiting";

/** What others see of one, and who may come near. */
export function PrivacySection() {
  const { data: myself, error, refetch } = useMyself();
  const mayTalk = useMayTalk();
  return (
    <>
      <Card title={t("Who sees what")}>
        {myself ? <PrivacyRows myself={myself} /> : <Waiting error={error} onRetry={() => void refetch()} />}
      </Card>
      {mayTalk && (
        <>
          <Card title={t("In conversations")}>
            <TalkRows />
          </Card>
          <Card
            title={t("Blocked people")}
            at="blocked"
            hint={t("They cannot write to you directly, and are not told. In groups you still see each other.")}
          >
            <BlockedRows />
          </Card>
        </>
      )}
    </>
  );
}

function TalkRows() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(chatSettingsQuery);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const write = (now: ChatSettings) => client.setQueryData(chatSettingsQuery.queryKey, now);
  const change = async (changes: ChatSettingsChange) => {
    write({ ...data, ...changes } as ChatSettings);
    try {
      write(await privacy.change(changes));
    } catch (failure) {
      write(data);
      showToast({ kind: "problem", message: t("Not changed. {why}", { why: messageOf(failure) }) });
    }
  };
  return (
    <>
      <SwitchRow
        at="reading"
        title={t("Show what you have read")}
        hint={t("Who hides it is not shown others' in direct conversations either.")}
        isOn={!data.hides_reading}
        onChange={(isOn) => void change({ hides_reading: !isOn })}
      />
      <ChoiceRow
        at="direct"
        title={t("Who may write to you directly")}
        hint={t("Counts for new conversations. Those that are there go on, and you may write to anybody.")}
        value={data.direct_from}
        options={[
          { value: "everybody", label: t("Everybody here") },
          { value: "groups", label: t("Your groups") },
          { value: "nobody", label: t("Nobody") },
        ]}
        onChange={(direct_from) => void change({ direct_from })}
      />
    </>
  );
}

function BlockedRows() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(blocksQuery);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const refresh = () => client.invalidateQueries({ queryKey: blocksQuery.queryKey });
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
      return true;
    } catch (failure) {
      showToast({ kind: "problem", message: messageOf(failure) });
      return false;
    } finally {
      void refresh();
    }
  };
  const unblock = async ({ user_id: id, name }: Blocked) => {
    client.setQueryData(blocksQuery.queryKey, (all) => all?.filter((one) => one.user_id !== id));
    if (await attempt(() => privacy.unblock(id)))
      showToast({
        message: t("{name} may write to you again", { name }),
        action: { label: t("Undo"), run: () => void attempt(() => privacy.block(id)) },
      });
  };
  if (data.length === 0)
    return (
      <p className="py-3 text-sm text-muted">
        {t("Nobody. A click on a name in a conversation shows who it is, and blocks them there.")}
      </p>
    );
  return (
    <ul aria-label={t("Blocked people")} className="flex flex-col">
      {data.map((one) => (
        <li key={one.user_id} className="flex items-center gap-3 border-t border-line py-2.5 first:border-t-0">
          <Avatar person={{ name: one.name, email: one.user_id }} size={28} />
          <span dir="auto" className="min-w-0 flex-1 truncate text-base font-medium">
            {one.name}
          </span>
          <span className="text-xs text-muted max-sm:hidden">
            {t("since {when}", { when: shortDate(one.created_at) })}
          </span>
          <Button size="small" aria-label={t("Unblock {name}", { name: one.name })} onClick={() => void unblock(one)}>
            {t("Unblock")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
