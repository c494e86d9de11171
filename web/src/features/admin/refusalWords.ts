/** Why a door turned mail away, in words, and what one may do about it. The code is SMTP's (RFC 3463). */
import type { Refusal } from "../../api/generated/schema";
import { t } from "../../lib/i18n";

type Why = Pick<Refusal, "code" | "answer">;

const WHY: Record<string, readonly [why: string, remedy: string]> = {
  "5.1.1": [
    t("Nobody of that name"),
    t("Give the address to a person or a group, or let the domain's other mail go to somebody."),
  ],
  "4.2.2": [t("The mailbox is full"), t("The sender's server tries again. Make room, or allow the mailbox more.")],
  "5.3.4": [t("Too large"), t("Ask for a link instead, or let the operator of the server raise the limit.")],
  "5.4.6": [t("It went in circles"), t("Look for forwarding that leads back to where it came from.")],
  "5.6.0": [t("Malformed"), t("The sender's program must be mended; nobody can read such mail in one way only.")],
  "5.7.1": [t("Not allowed"), t("The answer says what stood in the way.")],
  "5.7.26": [t("A forged sender"), t("The sender's domain asks to refuse mail that it did not send (DMARC).")],
  "4.7.1": [t("Asked to come back"), t("A proper server does, within some minutes, and the mail comes in.")],
  "4.7.0": [t("Too much at once"), t("The sender's server tries again.")],
  "4.3.1": [t("No room just then"), t("The sender's server tries again.")],
  "4.3.0": [t("Something went wrong here"), t("The sender's server tries again. The server's log says more.")],
};

export function whyWords({ code, answer }: Why): string {
  if (answer.includes("block list")) return t("On a block list");
  if (answer.includes("looks like junk")) return t("Taken for junk");
  return WHY[enhanced(code)]?.[0] ?? (isForNow(code) ? t("Not just now") : t("Refused"));
}

export function remedyWords({ code, answer }: Why): string {
  if (answer.includes("block list")) {
    return t(
      "Only whoever keeps that list takes them off it; the operator may leave the list, or only mark such mail.",
    );
  }
  if (answer.includes("with their junk mail")) {
    return t(
      "It lies in Junk of whom it was for, for 30 days: “Not junk” there brings it to the inbox and teaches the filter. Allow the sender under Junk, and the next comes in.",
    );
  }
  if (answer.includes("looks like junk")) return t("Allow the sender under Junk, and the next comes in.");
  return WHY[enhanced(code)]?.[1] ?? t("The answer says what stood in the way.");
}

/** Whether the sender's server will try again by itself. */
export function isForNow(code: string): boolean {
  return code.startsWith("4");
}

const enhanced = (code: string) => code.split(" ")[1] ?? "";
