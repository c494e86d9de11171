import { Check, Clock, TriangleAlert } from "lucide-react";
import type { Delivery } from "../../api/types";
import { cx } from "../../lib/classes";
import { longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";
import { Popover } from "../../ui/Popover";

type Summary = { tone: "ok" | "wait" | "bad"; words: string };

/** Where a mail that was sent is now, worst news first. */
export function summaryOf(deliveries: readonly Delivery[]): Summary {
  const count = (...states: Delivery["state"][]) => deliveries.filter((one) => states.includes(one.state)).length;
  const failed = count("failed");
  const retrying = count("retrying");
  const delivered = count("delivered");
  if (failed > 0)
    return { tone: "bad", words: plural(failed, "Not delivered to {n} person", "Not delivered to {n} people") };
  if (retrying > 0)
    return { tone: "wait", words: plural(retrying, "Trying again for {n} person", "Trying again for {n} people") };
  if (count("skipped") === deliveries.length) return { tone: "wait", words: t("All have left this list") };
  if (delivered + count("skipped") === deliveries.length)
    return { tone: "ok", words: deliveries.some((one) => one.is_forward) ? t("Forwarded") : t("Delivered") };
  if (count("cancelled") === deliveries.length) return { tone: "wait", words: t("Taken back") };
  if (count("held") > 0) return { tone: "wait", words: t("Waits a moment, so that you can undo") };
  return { tone: "wait", words: t("Sending") };
}

const STATES: { [state in Delivery["state"]]: string } = {
  held: t("held back for undo"),
  queued: t("queued"),
  sending: t("being sent"),
  retrying: t("will be tried again"),
  delivered: t("delivered"),
  failed: t("failed"),
  cancelled: t("taken back"),
  skipped: t("passed over"),
};

export function DeliveryLine({ deliveries }: { deliveries: Delivery[] }) {
  if (deliveries.length === 0) return null;
  const { tone, words } = summaryOf(deliveries);
  const Icon = tone === "ok" ? Check : tone === "bad" ? TriangleAlert : Clock;
  return (
    <Popover
      label={t("Delivery")}
      className="w-96"
      trigger={
        <button
          type="button"
          className={cx(
            "mt-4 inline-flex h-7 items-center gap-1.5 rounded-md px-2 -ml-2 text-xs font-medium hover:bg-hover",
            tone === "ok" ? "text-ok" : tone === "bad" ? "text-danger" : "text-muted",
          )}
        >
          <Icon size={14} aria-hidden />
          {words}
        </button>
      }
    >
      <ul className="flex max-h-80 flex-col gap-3 overflow-y-auto text-sm">
        {deliveries.map((one) => (
          <li key={one.recipient}>
            <p className="flex justify-between gap-3">
              <span className="truncate font-medium">{one.recipient}</span>
              <span className={one.state === "failed" ? "text-danger" : "text-muted"}>{STATES[one.state]}</span>
            </p>
            <p className="text-xs break-words text-muted">{detailOf(one)}</p>
          </li>
        ))}
      </ul>
    </Popover>
  );
}

function serverOf(host: string, { tls, verified_by }: Delivery): string {
  if (!tls) return host;
  return verified_by ? t("{host}, encrypted, certificate checked", { host }) : t("{host}, encrypted", { host });
}

function detailOf(delivery: Delivery): string {
  const parts = [longDate(delivery.updated_at)];
  if (delivery.host) parts.push(serverOf(delivery.host, delivery));
  if (delivery.attempts > 1) parts.push(plural(delivery.attempts, "{n} attempt", "{n} attempts"));
  if (delivery.next_attempt_at) parts.push(t("next {when}", { when: longDate(delivery.next_attempt_at) }));
  if (delivery.answer) parts.push(delivery.answer);
  return parts.join(" · ");
}
