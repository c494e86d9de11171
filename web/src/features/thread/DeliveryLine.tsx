import { Check, Clock, TriangleAlert } from "lucide-react";
import type { Delivery } from "../../api/types";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Popover } from "../../ui/Popover";
import { adviceOf, momentOf, type Step, stateOf, stepsOf, summaryOf, type Tone, worstFirst } from "./deliveryWords";

const COLOURS: { [tone in Tone]: string } = { ok: "text-ok", wait: "text-muted", bad: "text-danger" };

export function DeliveryLine({ deliveries }: { deliveries: Delivery[] }) {
  if (deliveries.length === 0) return null;
  const { tone, words } = summaryOf(deliveries);
  return (
    <Popover
      label={t("Delivery")}
      className="w-[420px]"
      trigger={
        <button
          type="button"
          className={cx(
            "mt-4 -ml-2 inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium hover:bg-hover",
            COLOURS[tone],
          )}
        >
          <Sign tone={tone} />
          {words}
        </button>
      }
    >
      <ul className="-m-1 flex max-h-96 flex-col divide-y divide-line overflow-y-auto p-1 select-text">
        {worstFirst(deliveries).map((one) => (
          <Fate key={one.recipient} delivery={one} />
        ))}
      </ul>
    </Popover>
  );
}

function Fate({ delivery }: { delivery: Delivery }) {
  const { tone, words } = stateOf(delivery);
  const advice = adviceOf(delivery);
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <p className="flex items-baseline justify-between gap-3 text-sm">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{delivery.recipient}</span>
        <span className={cx("shrink-0 text-xs font-medium", COLOURS[tone])}>{words}</span>
      </p>
      {advice && <p className="mt-0.5 text-sm [overflow-wrap:anywhere]">{advice}</p>}
      <ol className="mt-1.5 flex flex-col gap-1.5">
        {stepsOf(delivery).map((step) => (
          <OneStep key={step.key} step={step} />
        ))}
      </ol>
    </li>
  );
}

function OneStep({ step }: { step: Step }) {
  const moment = step.at ? momentOf(step.at) : null;
  return (
    <li className="flex gap-1.5 text-xs text-muted">
      <span className={cx("mt-0.5 shrink-0", COLOURS[step.tone])}>
        <Sign tone={step.tone} />
      </span>
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {step.words}
        {step.said && <q className="mt-0.5 block border-l-2 border-line pl-2 [quotes:none]">{step.said}</q>}
      </span>
      {moment && (
        <time dateTime={step.at ?? ""} title={moment.full} className="tabular shrink-0">
          {moment.short}
        </time>
      )}
    </li>
  );
}

function Sign({ tone }: { tone: Tone }) {
  const Icon = tone === "ok" ? Check : tone === "bad" ? TriangleAlert : Clock;
  return <Icon size={14} aria-hidden />;
}
