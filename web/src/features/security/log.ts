/** The lines of the log in words for people. An act that is new to this client keeps its own name. */
import type { LogEntry } from "../../api/log";
import { t } from "../../lib/i18n";

type Known = { [act in LogEntry["act"]]?: string };

const WORDS: Known = {
  "login.ok": "Logged in",
  "login.failed": "A log-in was refused",
  "session.closed": "Logged out",
  "session.revoked": "A session was ended",
  "password.changed": "The password was changed",
  "password.recovered": "The password was recovered",
  "recovery.changed": "The recovery address was changed",
  "profile.changed": "The profile was changed",
  "user.added": "A person was added",
  "user.changed": "A person was changed",
  "user.deleted": "A person was deleted",
  "user.restored": "A person was restored",
  "address.added": "An address was added",
  "address.removed": "An address was removed",
  "address.chosen": "The primary address was changed",
  "invitation.made": "Somebody was invited",
  "invitation.revoked": "An invitation was withdrawn",
  "role.created": "A role was made",
  "role.changed": "A role was changed",
  "role.deleted": "A role was deleted",
  "group.created": "A group was made",
  "group.changed": "A group was changed",
  "group.deleted": "A group was deleted",
  "member.put": "Somebody joined a group",
  "member.removed": "Somebody left a group",
  "organisation.changed": "The organisation was changed",
  "domain.added": "A domain was added",
  "domain.changed": "A domain was changed",
  "domain.removed": "A domain was removed",
  "account.created": "A shared account was made",
  "account.deleted": "A shared account was deleted",
  "grant.given": "Somebody was given use of an account",
  "grant.revoked": "The use of an account was taken back",
  "email.destroyed": "E-mails were deleted for good",
  "email.expunged": "E-mails were deleted by a mail program",
  "email.transferred": "E-mails were copied or moved to another account",
  "mailbox.created": "A mailbox was made",
  "mailbox.changed": "A mailbox was changed",
  "mailbox.deleted": "A mailbox was deleted",
  "identity.changed": "A name or signature was changed",
  "mail.imported": "Mail was imported",
  "message.submitted": "A mail was sent",
  "message.cancelled": "A mail was taken back",
  "audit.exported": "The log was exported",
};

const DOORS: { [via: string]: string } = {
  http: "browser or API",
  stream: "browser",
  imap: "IMAP",
  smtp: "SMTP",
  cli: "command line",
  job: "the server itself",
};

export function actWords(act: LogEntry["act"]): string {
  const known = WORDS[act];
  return known ? t(known) : act;
}

export function doorWords(via: string): string {
  return t(DOORS[via] ?? via);
}

const MOST_FACT_CHARS = 80;

/** "fields: phone, title · count: 3": what the line holds beside who, when and where. */
export function factWords(facts: LogEntry["facts"]): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => {
      const text = Array.isArray(value)
        ? value.join(", ")
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
      return `${name.replaceAll("_", " ")}: ${text.length > MOST_FACT_CHARS ? `${text.slice(0, MOST_FACT_CHARS - 1)}…` : text}`;
    })
    .join(" · ");
}

/** What one may narrow it to; each is the beginning of the names of its acts. */
export const FAMILIES: { value: string; label: string }[] = [
  { value: "", label: t("Everything") },
  { value: "login.", label: t("Log-ins") },
  { value: "session.", label: t("Sessions") },
  { value: "password.", label: t("Password") },
  { value: "profile.", label: t("Profile") },
  { value: "address.", label: t("Addresses") },
  { value: "message.", label: t("Mail sent") },
  { value: "email.", label: t("Mail deleted") },
  { value: "mailbox.", label: t("Mailboxes") },
  { value: "grant.", label: t("Use of accounts") },
];

export const SPANS: { value: string; label: string; days: number }[] = [
  { value: "", label: t("At any time"), days: 0 },
  { value: "1", label: t("In the last day"), days: 1 },
  { value: "7", label: t("In the last week"), days: 7 },
  { value: "30", label: t("In the last month"), days: 30 },
];

/** To the minute, so that the same choice is the same question for a while. */
export function startOf(days: number, now: Date): string {
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000 - days * 86_400_000).toISOString();
}
