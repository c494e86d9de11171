import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { messageOf } from "../../api/error";
import { type Condition, type Previewed, previewQuery } from "../../api/rules";
import { cx } from "../../lib/classes";
import { shortDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { nameOf } from "../../lib/people";
import { useSettled } from "../../lib/settled";
import { type Asked, previewOf, type RuleDraft } from "./draft";
import { conditionWords } from "./words";

const SHOWN = 30;
const REST_MS = 300;

/** What the rule would have touched, while it is written. */
export function Preview({ draft }: { draft: RuleDraft }) {
  const settled = useSettled(JSON.stringify(previewOf(draft)), REST_MS);
  const asked = JSON.parse(settled) as Asked | null;
  return (
    <section aria-label={t("Preview")} className="rounded-md border border-line bg-raised px-4 py-3 xl:sticky xl:top-5">
      <h2 className="text-sm font-semibold text-muted">{t("Among the last 1,000 e-mails")}</h2>
      {asked ? (
        <Found asked={asked} />
      ) : (
        <p className="mt-1 text-sm text-muted">{t("Say what to look for, and see here what it would have found.")}</p>
      )}
    </section>
  );
}

function Found({ asked }: { asked: Asked }) {
  const { data, error, isPlaceholderData } = useQuery({ ...previewQuery(asked), placeholderData: keepPreviousData });
  if (!data)
    return (
      <p className="mt-1 text-sm text-muted" role="status">
        {error ? messageOf(error) : t("Looking…")}
      </p>
    );
  const hidden = data.matched - Math.min(data.matched, SHOWN);
  return (
    <div className={cx(isPlaceholderData && "opacity-60")}>
      <p className="mt-1 font-medium" role="status">
        {data.matched === 0
          ? t("It would have found none.")
          : plural(data.matched, "It would have found {n}.", "It would have found {n}.")}
      </p>
      <ul className="mt-2 max-h-[60vh] overflow-y-auto">
        {data.items.slice(0, SHOWN).map((item) => (
          <Item key={item.email_id} item={item} conditions={asked.conditions} isAny={asked.match === "any"} />
        ))}
      </ul>
      {hidden > 0 && <p className="pt-2 text-xs text-muted">{plural(hidden, "and {n} more", "and {n} more")}</p>}
    </div>
  );
}

type ItemProps = { item: Previewed["items"][number]; conditions: Condition[]; isAny: boolean };

function Item({ item, conditions, isAny }: ItemProps) {
  const met = item.conditions.map((index) => conditions[index]).filter((one) => one !== undefined);
  const sender = item.from[0];
  return (
    <li className="border-t border-line py-2 text-sm first:border-t-0">
      <p className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{sender ? nameOf(sender) : t("(nobody)")}</span>
        <span className="shrink-0 text-xs text-muted">{shortDate(item.received_at)}</span>
      </p>
      <p dir="auto" className="truncate">
        {item.subject || t("(no subject)")}
      </p>
      {sentWords(item) && <p className="truncate text-xs font-medium">{sentWords(item)}</p>}
      {isAny && <p className="truncate text-xs text-muted">{met.map(conditionWords).join(", ")}</p>}
    </li>
  );
}

/** What would have left by itself. */
function sentWords({ forwards_to: to, is_answered: isAnswered }: Previewed["items"][number]): string {
  const words = [];
  if (to.length > 0) words.push(t("on to {addresses}", { addresses: to.join(", ") }));
  if (isAnswered) words.push(t("answered"));
  return words.join(" · ");
}
