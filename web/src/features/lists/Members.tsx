import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf } from "../../api/error";
import { LISTS_KEY, type MailingList, type Member, mailing, membersQuery } from "../../api/mailing";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { itemsOf } from "../../lib/pages";
import { useSettled } from "../../lib/settled";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { SearchField } from "../../ui/SearchField";
import { ShowMore } from "../../ui/ShowMore";
import { showToast } from "../../ui/toasts";
import { ConfirmButton } from "../security/ConfirmButton";
import { Card } from "../settings/Card";
import { Waiting } from "../settings/Waiting";
import { ImportDialog } from "./ImportDialog";
import { whyNot } from "./words";

/** Who is on a list, how they said yes, and who gets nothing and why. */
export function Members({ list }: { list: MailingList }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [isAdding, setAdding] = useState(false);
  const query = useInfiniteQuery({
    ...membersQuery(list.id, useSettled(typed).trim()),
    placeholderData: (before) => before,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const items = itemsOf(data);
  const attempt = async (act: () => Promise<unknown>, done: string) => {
    try {
      await act();
      showToast({ message: done, durationMs: 3_000 });
    } catch (problem) {
      showToast({ message: messageOf(problem), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: LISTS_KEY });
  };
  return (
    <Card title={t("Members")} hint={t("Only people who have said yes. How they did is kept beside each.")}>
      <div className="flex flex-wrap items-center gap-2 border-b border-line py-3">
        <Button onClick={() => setAdding(true)}>{t("Add people")}</Button>
        {list.members > 0 && <SearchField label={t("Find by name or address")} value={typed} onChange={setTyped} />}
      </div>
      {!data && <Waiting error={error} onRetry={() => void refetch()} />}
      {data && items.length === 0 && (
        <p className="py-3 text-sm text-muted">{typed ? t("Nobody fits.") : t("Nobody is on it yet.")}</p>
      )}
      {items.length > 0 && (
        <ul aria-label={t("Members")}>
          {items.map((one) => (
            <Line
              key={one.id}
              member={one}
              onRemove={() =>
                void attempt(
                  () => mailing.removeMember(list.id, one.id),
                  t("{address} is off the list.", { address: one.address }),
                )
              }
              onTakeBack={(id) =>
                void attempt(() => mailing.takeBack(id), t("{address} gets it again.", { address: one.address }))
              }
            />
          ))}
        </ul>
      )}
      <ShowMore of={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
      {isAdding && <ImportDialog list={list} onClose={() => setAdding(false)} />}
    </Card>
  );
}

type LineProps = { member: Member; onRemove: () => void; onTakeBack: (suppressionId: string) => void };

function Line({ member, onRemove, onTakeBack }: LineProps) {
  const { address, name, consent, added_at, suppression_id } = member;
  const why = whyNot(member);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line py-2.5 first:border-t-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex min-w-0 items-center gap-2">
          <span dir="auto" className="truncate font-medium">
            {name || address}
          </span>
          {why && <Chip tone="warn">{why}</Chip>}
        </p>
        <p className="truncate text-sm text-muted" title={consent}>
          {[name && address, consent, longDate(added_at)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <div className="flex gap-2">
        {suppression_id && (
          <ConfirmButton
            size="small"
            confirmKind="primary"
            label={t("Send again")}
            name={t("Send again to {address}", { address })}
            question={t("Only when they have asked you for it.")}
            onConfirmed={() => onTakeBack(suppression_id)}
          />
        )}
        <Button size="small" kind="ghost" aria-label={t("Take off {address}", { address })} onClick={onRemove}>
          {t("Take off")}
        </Button>
      </div>
    </li>
  );
}
