import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { JUNK_KEY, type Junk, junk, junkQuery } from "../../api/junk";
import { myselfQuery } from "../../api/myself";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showToast } from "../../ui/toasts";
import { Card } from "../settings/Card";
import { ChoiceRow, Row, SwitchRow } from "../settings/controls";
import { Waiting } from "../settings/Waiting";
import { JunkOfAllRows } from "./JunkOfAllRows";
import { levels } from "./levels";
import { SenderList } from "./SenderList";

export function JunkSection() {
  const { data: myself } = useQuery(myselfQuery);
  return (
    <>
      <Card
        title={t("The junk filter")}
        hint={t("It learns from what you put into Junk and take out of it, in any program, and from what you read.")}
        at="junk"
      >
        <Filter />
      </Card>
      <Card
        title={t("Senders you decided on")}
        hint={t("Yours count before those of your organisation, an address before a domain.")}
        at="senders"
      >
        <SenderList whose="own" />
      </Card>
      {myself?.permissions.includes("organisation.manage") && (
        <Card
          title={t("For everybody in the organisation")}
          hint={t("Holds for those who chose nothing themselves.")}
          at="junk-of-all"
        >
          <JunkOfAllRows />
        </Card>
      )}
    </>
  );
}

function Filter() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(junkQuery);
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  const change = async (shown: Partial<Junk>, act: () => Promise<Junk>) => {
    client.setQueryData<Junk>(JUNK_KEY, { ...data, ...shown });
    try {
      client.setQueryData<Junk>(JUNK_KEY, await act());
    } catch (problem) {
      client.setQueryData<Junk>(JUNK_KEY, data);
      showToast({ message: t("Not changed. {why}", { why: messageOf(problem) }), kind: "problem" });
    }
  };
  return (
    <>
      <SwitchRow
        title={t("Keep junk out of the inbox")}
        hint={t("What is taken for junk lies in Junk for 30 days, with the reasons beside it.")}
        isOn={data.is_enabled}
        onChange={(is_enabled) => void change({ is_enabled }, () => junk.change({ is_enabled }))}
      />
      {data.is_enabled && (
        <ChoiceRow
          title={t("How strict it is")}
          hint={t("Strict keeps more out, and errs more often.")}
          value={String(data.threshold)}
          options={levels(data.threshold)}
          onChange={(value) =>
            void change({ threshold: Number(value) }, () => junk.change({ threshold: Number(value) }))
          }
        />
      )}
      <Learnt junk={data} onForget={() => void change({ learnt: { wanted: 0, junk: 0 } }, junk.forget)} />
    </>
  );
}

function learntWords({ learnt, learnt_by_all, may_decide, needs }: Junk): string {
  const own = t("{wanted}, {junk}.", {
    wanted: plural(learnt.wanted, "{n} e-mail that you want", "{n} e-mails that you want"),
    junk: plural(learnt.junk, "{n} that is junk", "{n} that are junk"),
  });
  const all = t("Everybody together: {wanted} and {junk}.", { wanted: learnt_by_all.wanted, junk: learnt_by_all.junk });
  const few = t("Until there are {n} of each, words alone decide nothing.", { n: needs });
  return may_decide ? `${own} ${all}` : `${own} ${all} ${few}`;
}

function Learnt({ junk: known, onForget }: { junk: Junk; onForget: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const forget = () => {
    setAsking(false);
    onForget();
  };
  return (
    <Row title={t("What it learnt from you")} hint={learntWords(known)}>
      <Button disabled={known.learnt.wanted + known.learnt.junk === 0} onClick={() => setAsking(true)}>
        {t("Forget all")}
      </Button>
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("Forget what was learnt?")}
        width="narrow"
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{t("Cancel")}</Button>
            <Button kind="danger" onClick={forget}>
              {t("Forget")}
            </Button>
          </>
        }
      >
        <p className="text-sm">
          {t("Your filter begins anew, with what you do from now on. What your organisation knows stays.")}
        </p>
      </Dialog>
    </Row>
  );
}
