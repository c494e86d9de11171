import { useQuery, useQueryClient } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import { JUNK_KEY, JUNK_OF_ALL_KEY, type JunkOfAll, junk, junkOfAllQuery } from "../../api/junk";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { ChoiceRow, PickRow, SwitchRow } from "../settings/controls";
import { Waiting } from "../settings/Waiting";
import { levels, refusals } from "./levels";
import { SenderList } from "./SenderList";

const USUAL = 5;

/** What holds for those who chose nothing, and whether mail is refused. */
export function JunkOfAllRows() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(junkOfAllQuery);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const change = async (body: Parameters<typeof junk.changeOfAll>[0]) => {
    try {
      client.setQueryData<JunkOfAll>(JUNK_OF_ALL_KEY, await junk.changeOfAll(body));
    } catch (problem) {
      showToast({ message: t("Not changed. {why}", { why: messageOf(problem) }), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: JUNK_KEY });
  };
  const threshold = data.chosen.threshold ?? USUAL;
  return (
    <>
      <SwitchRow
        title={t("Keep junk out of everybody's inbox")}
        isOn={data.chosen.is_enabled ?? true}
        onChange={(is_enabled) => void change({ is_enabled })}
      />
      <ChoiceRow
        title={t("How strict it is for everybody")}
        value={String(threshold)}
        options={levels(threshold)}
        onChange={(value) => void change({ threshold: Number(value) })}
      />
      <PickRow
        title={t("Refuse at the door")}
        hint={t(
          "The sender's server is told so, where everybody it is for would refuse it. It lies in Junk all the same, in case that was a mistake.",
        )}
        value={data.refuse_at === null ? "" : String(data.refuse_at)}
        options={refusals(data.refuse_at)}
        onChange={(value) => void change({ refuse_at: value ? Number(value) : null })}
      />
      <SenderList whose="all" />
    </>
  );
}
