import { useQuery } from "@tanstack/react-query";
import { type MailingList, type Sending, sendingsQuery } from "../../api/mailing";
import { fullDate, longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { Card } from "../settings/Card";
import { Waiting } from "../settings/Waiting";
import { outcomeWords } from "./words";

export function Sendings({ list }: { list: MailingList }) {
  const { data, error, refetch } = useQuery(sendingsQuery(list.id));
  return (
    <Card title={t("What came of it")} hint={t("Of the last fifty mails, while the server remembers them.")}>
      {!data && <Waiting error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className="py-3 text-sm text-muted">{t("Nothing was sent to it yet.")}</p>}
      {data && data.length > 0 && (
        <ul aria-label={t("What came of it")}>
          {data.map((one) => (
            <Line key={one.submission_id} sending={one} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Line({ sending }: { sending: Sending }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 border-t border-line py-2.5 first:border-t-0">
      <p className="min-w-0 flex-1 basis-52">
        <span dir="auto" className="block truncate font-medium">
          {sending.subject || t("(no subject)")}
        </span>
        <span className="tabular block text-sm text-muted">{outcomeWords(sending)}</span>
      </p>
      <time dateTime={sending.sent_at} title={fullDate(sending.sent_at)} className="tabular text-sm text-muted">
        {longDate(sending.sent_at)}
      </time>
    </li>
  );
}
