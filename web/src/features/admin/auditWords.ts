/** The log in words. Names of acts are stable; one that is not here yet is shown as it is called. */
import type { ActEnum, Entry } from "../../api/generated/schema";
import { plural, t } from "../../lib/i18n";

const ACTS: { [act in ActEnum]?: string } = {
  "login.ok": t("Logged in"),
  "login.failed": t("Failed to log in"),
  "session.closed": t("Logged out"),
  "session.revoked": t("Ended a session"),
  "password.changed": t("Changed the password"),
  "password.recovered": t("Recovered the password"),
  "recovery.changed": t("Changed the recovery address"),
  "profile.changed": t("Changed the profile"),
  "user.added": t("Added a person"),
  "user.changed": t("Changed a person"),
  "user.deleted": t("Deleted a person"),
  "user.restored": t("Restored a person"),
  "address.added": t("Added an address"),
  "address.removed": t("Removed an address"),
  "address.chosen": t("Chose the address of the log-in"),
  "invitation.made": t("Invited somebody"),
  "invitation.revoked": t("Withdrew an invitation"),
  "role.created": t("Made a role"),
  "role.changed": t("Changed a role"),
  "role.deleted": t("Deleted a role"),
  "group.created": t("Made a group"),
  "group.changed": t("Changed a group"),
  "group.deleted": t("Deleted a group"),
  "member.put": t("Took in a member"),
  "member.removed": t("Put out a member"),
  "organisation.changed": t("Changed the organisation"),
  "domain.added": t("Added a domain"),
  "domain.changed": t("Changed a domain"),
  "domain.removed": t("Removed a domain"),
  "account.created": t("Made a shared account"),
  "account.deleted": t("Closed a shared account"),
  "grant.given": t("Let somebody use an account"),
  "grant.revoked": t("Took the use of an account back"),
  "email.destroyed": t("Deleted mail for good"),
  "email.expunged": t("Deleted mail for good"),
  "email.transferred": t("Copied or moved mail to another account"),
  "mailbox.created": t("Made a mailbox"),
  "mailbox.changed": t("Changed a mailbox"),
  "mailbox.deleted": t("Deleted a mailbox"),
  "identity.changed": t("Changed a sender"),
  "mail.imported": t("Imported mail"),
  "message.submitted": t("Sent a message"),
  "message.cancelled": t("Took a message back"),
  "audit.exported": t("Exported the log"),
};

export function actName(act: string): string {
  return ACTS[act as ActEnum] ?? act;
}

/** A family is what stands before the dot; asked for with the dot. */
export const FAMILIES: { value: string; label: string }[] = [
  { value: "", label: t("Every act") },
  { value: "login.", label: t("Log-ins") },
  { value: "session.", label: t("Sessions") },
  { value: "password.", label: t("Passwords") },
  { value: "user.", label: t("People") },
  { value: "address.", label: t("Addresses") },
  { value: "invitation.", label: t("Invitations") },
  { value: "role.", label: t("Roles") },
  { value: "group.", label: t("Groups") },
  { value: "member.", label: t("Members of groups") },
  { value: "organisation.", label: t("The organisation") },
  { value: "domain.", label: t("Domains") },
  { value: "account.", label: t("Shared accounts") },
  { value: "grant.", label: t("Use of accounts") },
  { value: "message.", label: t("Messages sent") },
  { value: "email.", label: t("Mail deleted for good") },
  { value: "mailbox.", label: t("Mailboxes") },
  { value: "audit.", label: t("The log itself") },
];

export const DOORS: { value: string; label: string }[] = [
  { value: "", label: t("Every door") },
  { value: "http", label: t("Browser and API") },
  { value: "imap", label: t("IMAP") },
  { value: "smtp", label: t("SMTP") },
  { value: "cli", label: t("Command line") },
  { value: "job", label: t("The house itself") },
];

export function doorName(via: string): string {
  return DOORS.find((one) => one.value === via)?.label ?? via;
}

/** What the line is about, as far as its facts say it in one line. */
export function factsOf({ facts }: Pick<Entry, "facts">): string {
  const words = ["name", "email", "role", "fields"].flatMap((name) => {
    const value = facts[name];
    if (typeof value === "string" && value) return [value];
    return Array.isArray(value) && value.length > 0 ? [value.join(", ")] : [];
  });
  if (typeof facts.again === "number") words.push(plural(facts.again, "{n} time more", "{n} times more"));
  return words.join(" · ");
}

/** A day of the calendar here, as the moment at which it begins. `after` counts days further. */
export function momentOf(day: string, after = 0): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + after).toISOString();
}
