/** People who take part by e-mail, in words. */
import type { Held, Mode, Outsider } from "../../api/outside";
import { plural, t } from "../../lib/i18n";
import type { SelectOption } from "../../ui/Select";

export const MODES: SelectOption<Mode>[] = [
  { value: "each", label: t("Each message") },
  { value: "hourly", label: t("Once an hour") },
  { value: "daily", label: t("Once a day") },
];

export const modeWords = (mode: Mode): string => MODES.find((one) => one.value === mode)?.label ?? mode;

export const isIn = ({ state }: Outsider): boolean => state !== "left";

export function stateWords({ state, reason }: Outsider): string {
  switch (state) {
    case "invited":
      return t("Asked in, has not answered yet");
    case "active":
      return t("Gets what is said here");
    case "paused":
      return reason === "bounced"
        ? t("Paused: mail came back as undeliverable")
        : t("Paused: gets nothing until somebody lets it go on");
    case "left":
      return t("Takes part no more");
  }
}

export const droppedWords = (count: number): string =>
  plural(count, "{n} automatic answer went nowhere", "{n} automatic answers went nowhere");

/** Who outside reads what is written here; null for nobody. Who is paused gets it when it goes on, and so counts. */
export function audienceWords(outsiders: readonly Outsider[]): string | null {
  const all = outsiders.filter(isIn);
  if (all.length === 0) return null;
  const paused = all.filter((one) => one.state === "paused").length;
  const said = plural(all.length, "{n} person outside reads this by e-mail", "{n} people outside read this by e-mail");
  if (paused === 0) return said;
  if (paused === all.length) return t("{said}, once it is no longer paused", { said });
  return t("{said}, of whom {n} later: paused", { said, n: paused });
}

export function heldCountWords(count: number): string {
  return plural(count, "{n} mail is held", "{n} mails are held");
}

/** Why a mail was not let in at once. */
export function heldWords({ reason, sender }: Held, of: Outsider | undefined): string {
  const name = of?.name || of?.address || t("somebody who was here");
  return reason === "other_sender"
    ? t("It came to the address of {name}, but {sender} wrote it, who was not asked in.", { name, sender })
    : t("It says that {name} wrote it, but nothing proves that: anybody can write such a sender.", { name });
}
