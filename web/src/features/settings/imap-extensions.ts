/** IMAP's extensions that can be switched off, and which mail program is known to get one wrong. */
import type { ImapOffEnum } from "../../api/generated/schema";
import { t } from "../../lib/i18n";

export type Extension = { name: ImapOffEnum; hint: string; isOn: boolean; isDisabled: boolean };

/** A record, so that a new one of the server's cannot be forgotten. */
const HINTS: Record<ImapOffEnum, () => string> = {
  IMAP4rev2: () => t("The newer form of IMAP. Off where the inbox stays empty on an iPhone, iPad or Mac."),
  UIDONLY: () => t("Off where Outlook with Microsoft 365 shows no mail."),
  QRESYNC: () =>
    t("Catching up in one command. Off where Nextcloud Mail keeps showing what was moved or deleted elsewhere."),
  ESEARCH: () => t("Short answers to searches. Off where an old iPhone finds nothing."),
  IDLE: () => "",
  MOVE: () => "",
  BINARY: () => "",
  CONDSTORE: () => t("QRESYNC needs it."),
  INPROGRESS: () => "",
  "LIST-EXTENDED": () => "",
  "LIST-STATUS": () => "",
  "LITERAL+": () => t("Without it large mails are announced before they are sent (LITERAL-)."),
  NOTIFY: () => "",
  OBJECTID: () => "",
  PARTIAL: () => "",
  PREVIEW: () => "",
  SAVEDATE: () => "",
  SEARCHRES: () => "",
  "SPECIAL-USE": () => "",
  "STATUS=SIZE": () => "",
  UIDPLUS: () => "",
  UNSELECT: () => "",
  WITHIN: () => "",
};
const KNOWN: readonly ImapOffEnum[] = ["IMAP4rev2", "UIDONLY", "QRESYNC", "ESEARCH"];

export function isExtension(name: string): name is ImapOffEnum {
  return name in HINTS;
}

/** Those that some program is known to get wrong, and all the others; by what is off. */
export function extensions(off: readonly string[]): { known: Extension[]; others: Extension[] } {
  const named = (name: ImapOffEnum): Extension => {
    const isDisabled = name === "QRESYNC" && off.includes("CONDSTORE");
    return { name, hint: HINTS[name](), isDisabled, isOn: !off.includes(name) && !isDisabled };
  };
  const others = Object.keys(HINTS)
    .filter(isExtension)
    .filter((name) => !KNOWN.includes(name))
    .sort();
  return { known: KNOWN.map(named), others: others.map(named) };
}

/** What is off once one is switched. */
export function switched(off: readonly string[], name: ImapOffEnum, isOn: boolean): ImapOffEnum[] {
  const rest = off.filter(isExtension).filter((other) => other !== name);
  return isOn ? rest : [...rest, name].sort();
}
