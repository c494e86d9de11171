/** The queue in words: why something waits, who holds it, why an account was stopped. */
import type { StopShape, WaitingShape } from "../../api/generated/schema";
import { plural, t } from "../../lib/i18n";

type Reason = NonNullable<WaitingShape["reason"]>;

export const REASONS: { [reason in Reason]: string } = {
  no_such_address: t("Nobody of that name there"),
  no_such_domain: t("No such domain, or it takes no mail"),
  mailbox_full: t("Mailbox full"),
  too_large: t("Too large for them"),
  taken_for_spam: t("Taken for spam"),
  not_authenticated: t("Not proved to be from here: look at the domain's records"),
  not_secure: t("No safe way to their server"),
  not_reached: t("Not reached"),
  asked_to_wait: t("Asked to wait"),
  odd_address: t("Address not understood"),
  refused: t("Not wanted there"),
  demanded_here: t("DANE is demanded and missing"),
  other: t("See their answer"),
};

const HELD: { [by in NonNullable<WaitingShape["held_by"]>]: string } = {
  undo: t("Held for undo"),
  admin: t("Held"),
  stop: t("Held: sender stopped"),
};

export function stateWords({ state, held_by, attempts }: WaitingShape): string {
  if (held_by) return HELD[held_by];
  if (state === "sending") return t("Being sent");
  if (attempts === 0) return t("Not tried yet");
  return plural(attempts, "{n} try in vain", "{n} tries in vain");
}

export function whyStopped({ reason, new_recipients, failures, complaints }: StopShape): string {
  switch (reason) {
    case "new_place":
      return plural(
        new_recipients,
        "Wrote to {n} person for the first time soon after a log-in at a new place.",
        "Wrote to {n} people for the first time soon after a log-in at a new place.",
      );
    case "many_new":
      return plural(
        new_recipients,
        "Wrote to {n} person for the first time within two hours.",
        "Wrote to {n} people for the first time within two hours.",
      );
    case "many_failures":
      return plural(failures, "{n} mail came back within a day.", "{n} mails came back within a day.");
    case "complaints":
      return plural(complaints, "{n} reader called it spam.", "{n} readers called it spam.");
  }
}

export type Verb = "retry" | "hold" | "release" | "give_up";

export const DONE: { [verb in Verb]: (n: number) => string } = {
  retry: (n) => plural(n, "{n} mail is tried now.", "{n} mails are tried now."),
  hold: (n) => plural(n, "{n} mail is held.", "{n} mails are held."),
  release: (n) => plural(n, "{n} mail was let go.", "{n} mails were let go."),
  give_up: (n) =>
    plural(n, "{n} mail was given up; its sender is told.", "{n} mails were given up; their senders are told."),
};

/** What became of one act on many; those that could not be changed any more are said, not hidden. */
export function outcomeWords(verb: Verb, results: readonly { status: number }[]): string {
  const done = results.filter(({ status }) => status === 200).length;
  const missed = results.length - done;
  if (missed === 0) return DONE[verb](done);
  const left = plural(missed, "{n} had changed meanwhile.", "{n} had changed meanwhile.");
  return done === 0 ? left : `${DONE[verb](done)} ${left}`;
}
