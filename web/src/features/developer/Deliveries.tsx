import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useEffect, useId, useState } from "react";
import {
  type Delivery,
  type DeliveryState,
  deliveriesQuery,
  deliveryQuery,
  developer,
  WEBHOOKS_KEY,
  type Webhook,
  webhookQuery,
} from "../../api/developer";
import { messageOf } from "../../api/error";
import { cx } from "../../lib/classes";
import { fullDate, longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { ShowMore } from "../../ui/ShowMore";
import { showToast } from "../../ui/toasts";
import { Waiting } from "../settings/Waiting";
import { DELIVERY_SIGNS, TONES } from "./hooks";

const STATES: { value: DeliveryState | ""; label: string }[] = [
  { value: "", label: t("All") },
  { value: "delivered", label: t("Delivered") },
  { value: "pending", label: t("Being tried") },
  { value: "failed", label: t("Failed") },
  { value: "skipped", label: t("Not sent") },
];

export function Deliveries({ hook }: { hook: Webhook }) {
  const [state, setState] = useState<DeliveryState | "">("");
  const query = useInfiniteQuery(deliveriesQuery(hook.id, state));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const rows = data?.pages.flatMap((page) => page.items);
  const client = useQueryClient();
  const settled = rows?.map((one) => (one.state === "pending" ? "" : `${one.id} ${one.state} ${one.attempts}`)).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came of a telling may have switched the webhook off
  useEffect(() => {
    void client.invalidateQueries({ queryKey: webhookQuery(hook.id).queryKey, exact: true });
  }, [client, hook.id, settled]);
  return (
    <>
      <div className="py-3">
        <Select aria-label={t("State")} value={state} options={STATES} onChange={setState} />
      </div>
      {!rows && <Waiting error={error} onRetry={() => void refetch()} />}
      {rows?.length === 0 && (
        <p className="border-t border-line py-4 text-sm text-muted">
          {state ? t("Nothing in that state.") : t("Nothing yet. Send a test to see how it looks.")}
        </p>
      )}
      {rows && rows.length > 0 && (
        <ul aria-label={t("Deliveries")}>
          {rows.map((one) => (
            <Row key={one.id} hook={hook} delivery={one} />
          ))}
        </ul>
      )}
      <ShowMore of={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </>
  );
}

function Row({ hook, delivery }: { hook: Webhook; delivery: Delivery }) {
  const detailsId = useId();
  const [isOpen, setOpen] = useState(false);
  const { words, tone } = DELIVERY_SIGNS[delivery.state];
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li className="border-t border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? detailsId : undefined}
        onClick={() => setOpen(!isOpen)}
        className="-mx-2 flex w-[calc(100%+16px)] items-center gap-3 rounded px-2 py-2 text-left text-sm hover:bg-hover"
      >
        <Chevron size={16} aria-hidden className="shrink-0 text-muted" />
        <span className="min-w-0 flex-1 truncate font-medium">{delivery.type}</span>
        {delivery.attempts > 1 && (
          <span className="tabular shrink-0 text-muted max-sm:hidden">
            {plural(delivery.attempts, "{n} try", "{n} tries")}
          </span>
        )}
        <span className={cx("shrink-0 font-medium", TONES[tone])}>{t(words)}</span>
        <time dateTime={delivery.created_at} title={fullDate(delivery.created_at)} className="shrink-0 text-muted">
          {longDate(delivery.created_at)}
        </time>
      </button>
      {isOpen && (
        <div id={detailsId} className="pb-4 sm:pl-7">
          <Details hook={hook} delivery={delivery} />
        </div>
      )}
    </li>
  );
}

function Details({ hook, delivery }: { hook: Webhook; delivery: Delivery }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(deliveryQuery(hook.id, delivery));
  const [isBusy, setBusy] = useState(false);
  const replay = async () => {
    setBusy(true);
    try {
      await developer.replay(hook.id, delivery.id);
      showToast({ message: t("It is sent again."), durationMs: 3_000 });
    } catch (failure) {
      showToast({ message: messageOf(failure), kind: "problem" });
    }
    await client.invalidateQueries({ queryKey: WEBHOOKS_KEY });
    setBusy(false);
  };
  if (!data) return <Waiting error={error} onRetry={() => void refetch()} />;
  return (
    <div className="flex flex-col gap-3 text-sm">
      <Code title={t("What was sent")} text={JSON.stringify(data.body, null, 2)} />
      <p className="tabular [overflow-wrap:anywhere] text-muted">webhook-id: {data.webhook_id}</p>
      <h3 className="font-semibold">{t("Tries")}</h3>
      {data.tries.length === 0 && <p className="text-muted">{t("None yet.")}</p>}
      <ol className="flex flex-col gap-3">
        {data.tries.map((one) => (
          <li key={one.at} className="flex flex-col gap-1">
            <p className="tabular flex flex-wrap gap-x-3">
              <span className={cx("font-medium", one.status !== null && one.status < 300 ? "text-ok" : "text-danger")}>
                {one.status ?? t("No answer")}
              </span>
              <time dateTime={one.at} title={fullDate(one.at)} className="text-muted">
                {longDate(one.at)}
              </time>
              <span className="text-muted">{t("{n} ms", { n: one.duration_ms })}</span>
              {one.error && <span className="text-danger">{one.error}</span>}
            </p>
            {one.answer && <Code title={t("What was answered")} text={one.answer} />}
          </li>
        ))}
      </ol>
      {data.next_attempt_at && data.state === "pending" && (
        <p className="text-muted">{t("The next try is {when}.", { when: longDate(data.next_attempt_at) })}</p>
      )}
      <Button
        size="small"
        className="self-start"
        isBusy={isBusy}
        disabled={!hook.is_enabled || data.state === "pending"}
        onClick={() => void replay()}
      >
        {t("Send it again")}
      </Button>
    </div>
  );
}

function Code({ title, text }: { title: string; text: string }) {
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-muted">{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys */}
      <pre tabIndex={0} className="max-h-64 overflow-auto rounded-md border border-line bg-sunken p-2 text-xs">
        {text}
      </pre>
    </figure>
  );
}
