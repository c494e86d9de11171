/** What became of a mail that was sent, in words: for all recipients in one line, and for each as a short story. */
import type { Delivery } from "../../api/types";
import { fullDate, longDate } from "../../lib/dates";
import { plural, t } from "../../lib/i18n";

export type Tone = "ok" | "wait" | "bad";
export type Summary = { tone: Tone; words: string };
export type Step = { key: string; tone: Tone; words: string; at: string | null; said?: string | null };

/** Where a mail that was sent is now, worst news first. */
export function summaryOf(deliveries: readonly Delivery[]): Summary {
  const count = (...states: Delivery["state"][]) => deliveries.filter((one) => states.includes(one.state)).length;
  const failed = count("failed");
  const retrying = count("retrying");
  const delayed = deliveries.filter((one) => one.state === "delivered" && one.report?.action === "delayed").length;
  const read = deliveries.filter((one) => one.read_at).length;
  if (failed > 0)
    return { tone: "bad", words: plural(failed, "Not delivered to {n} person", "Not delivered to {n} people") };
  if (retrying > 0)
    return { tone: "wait", words: plural(retrying, "Trying again for {n} person", "Trying again for {n} people") };
  if (delayed > 0) return { tone: "wait", words: plural(delayed, "Delayed for {n} person", "Delayed for {n} people") };
  if (count("skipped") === deliveries.length) return { tone: "wait", words: t("All have left this list") };
  if (count("delivered", "skipped") === deliveries.length) return { tone: "ok", words: arrived(deliveries, read) };
  if (count("cancelled") === deliveries.length) return { tone: "wait", words: t("Taken back") };
  if (count("held") > 0) return { tone: "wait", words: t("Waits a moment, so that you can undo") };
  return { tone: "wait", words: t("Sending") };
}

function arrived(deliveries: readonly Delivery[], read: number): string {
  const all = deliveries.length;
  if (read === 0) return deliveries.some((one) => one.is_forward) ? t("Forwarded") : t("Delivered");
  return read === all ? t("Read") : t("Delivered, read by {read} of {all}", { read, all });
}

const STATES: { [state in Delivery["state"]]: string } = {
  held: t("Held back for undo"),
  queued: t("Queued"),
  sending: t("Being sent"),
  retrying: t("Will be tried again"),
  delivered: t("Delivered"),
  failed: t("Not delivered"),
  cancelled: t("Taken back"),
  skipped: t("Passed over"),
};

export function stateOf(delivery: Delivery): Summary {
  const { state, report, read_at } = delivery;
  if (state === "failed") return { tone: "bad", words: STATES.failed };
  if (state !== "delivered") return { tone: "wait", words: STATES[state] };
  if (read_at) return { tone: "ok", words: t("Read") };
  return report?.action === "delayed" ? { tone: "wait", words: t("Delayed") } : { tone: "ok", words: STATES.delivered };
}

const WORST: { [tone in Tone]: number } = { bad: 0, wait: 1, ok: 2 };

/** What needs attention first, else in the order of the recipients. */
export function worstFirst(deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.toSorted((one, other) => WORST[stateOf(one).tone] - WORST[stateOf(other).tone]);
}

/** What has happened to one recipient's mail, the oldest first. */
export function stepsOf(delivery: Delivery): Step[] {
  const steps = [triedStep(delivery), reportStep(delivery)];
  const { read_at, complained_at } = delivery;
  if (read_at) steps.push({ key: "read", tone: "ok", words: t("Read, says a receipt"), at: read_at });
  if (complained_at) {
    const words = t("Marked as spam, says the recipient's provider");
    steps.push({ key: "complaint", tone: "bad", words, at: complained_at });
  }
  return steps.filter((step) => step !== null);
}

function triedStep(delivery: Delivery): Step | null {
  const { host, state, attempts, answer, report } = delivery;
  if (attempts === 0 || !host) return null;
  const wasTaken = state === "delivered" || (state === "failed" && report?.action === "failed");
  const server = serverOf(host, delivery);
  const tries = plural(attempts, "{n} attempt", "{n} attempts");
  const taken =
    attempts > 1 ? t("Taken by {server} after {tries}", { server, tries }) : t("Taken by {server}", { server });
  const refused = t("{server} did not take it ({tries})", { server, tries });
  if (host === "here") return { key: "tried", tone: "ok", words: t("Filed here"), at: delivery.updated_at };
  return {
    key: "tried",
    tone: wasTaken ? "ok" : state === "failed" ? "bad" : "wait",
    words: wasTaken ? taken : refused,
    at: report || delivery.read_at ? null : delivery.updated_at,
    said: answer,
  };
}

function serverOf(host: string, { tls, verified_by }: Delivery): string {
  if (!tls) return host;
  return verified_by ? t("{host}, encrypted, certificate checked", { host }) : t("{host}, encrypted", { host });
}

const REPORTS: { [action in NonNullable<Delivery["report"]>["action"]]: { tone: Tone; words: string } } = {
  failed: { tone: "bad", words: t("Returned by {host}") },
  delayed: { tone: "wait", words: t("{host} still tries") },
  delivered: { tone: "ok", words: t("{host} confirms that it arrived") },
  relayed: { tone: "ok", words: t("{host} passed it on") },
  expanded: { tone: "ok", words: t("{host} passed it on to several people") },
};

function reportStep({ report }: Delivery): Step | null {
  if (!report) return null;
  const { tone, words } = REPORTS[report.action];
  const host = report.host ?? t("a server behind it");
  return { key: "report", tone, words: t(words, { host }), at: report.at, said: report.answer };
}

type Reason = NonNullable<Delivery["reason"]>;

const REASONS: { [reason in Reason]: string } = {
  no_such_address: t("There is nobody of that name there. Look for a slip in the address, or ask for the new one."),
  no_such_domain: t("What follows the @ is not known, or takes no mail. Look for a slip in the address."),
  mailbox_full: t("Their mailbox is full. Tell them in another way, or try again later."),
  too_large: t("It is larger than their server takes. Send a link instead of the attachment."),
  taken_for_spam: t(
    "Their server takes it for spam. Write in other words or with fewer links, and tell your administrator.",
  ),
  not_authenticated: t(
    "Their server could not see that it is from you. Your administrator should look at the domain's records.",
  ),
  not_secure: t("Their server could not be reached in the safe way that its domain asks for. Only they can mend that."),
  not_reached: t("Their server could not be reached."),
  asked_to_wait: t("Their server asks to wait, as many do with a first mail."),
  odd_address: t("Their server does not understand the address."),
  demanded_here: t(
    "Your administrator lets mail go to this domain only where the DNS proves its server (DANE), and it does not.",
  ),
  refused: t("Their server does not want it. What it says may tell why."),
  other: t("What their server says may tell why."),
};

/** Why it has not arrived and what one can do, with when it is tried again. */
export function adviceOf({ state, reason, next_attempt_at }: Delivery): string {
  const parts: string[] = [];
  if (reason) parts.push(REASONS[reason]);
  if (next_attempt_at) parts.push(t("Next try: {when}.", { when: longDate(next_attempt_at) }));
  else if (state === "failed") parts.push(t("It is not tried again."));
  return parts.join(" ");
}

export const momentOf = (at: string) => ({ short: longDate(at), full: fullDate(at) });
