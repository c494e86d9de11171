/** Every setting once: where it stands, what it is called, and the words one might look for it by. */
import { SECTIONS, type SectionId } from "./sections";

export type SettingId =
  | "picture"
  | "status"
  | "about"
  | "locale"
  | "zone"
  | "visibility"
  | "privacy"
  | "reading"
  | "direct"
  | "blocked"
  | "addresses"
  | "recovery"
  | "storage"
  | "password"
  | "factors"
  | "app-passwords"
  | "sessions"
  | "log"
  | "notifications"
  | "quiet"
  | "notification-rules"
  | "devices"
  | "letters"
  | "why"
  | "theme"
  | "contrast"
  | "density"
  | "undo"
  | "signatures"
  | "more-signatures"
  | "templates"
  | "images"
  | "receipts"
  | "archive"
  | "shortcuts"
  | "clients"
  | "extensions"
  | "rules"
  | "retention"
  | "vacation"
  | "forwards"
  | "lists"
  | "junk"
  | "senders"
  | "junk-of-all"
  | "tokens"
  | "webhooks"
  | "oauth"
  | "api";

export type Setting = { id: SettingId; section: SectionId; title: string; words: string };

export const SETTINGS: Setting[] = [
  { id: "picture", section: "profile", title: "Your picture", words: "avatar photo image face" },
  { id: "status", section: "profile", title: "Status", words: "away busy emoji message" },
  {
    id: "about",
    section: "profile",
    title: "About you",
    words: "name display title department phone pronouns location links website e-mail bio",
  },
  { id: "locale", section: "profile", title: "Language", words: "locale region country" },
  { id: "zone", section: "profile", title: "Time zone", words: "timezone clock" },
  { id: "addresses", section: "profile", title: "E-mail addresses", words: "alias primary" },
  {
    id: "recovery",
    section: "profile",
    title: "Recovery address",
    words: "forgot forgotten password reset lost outside backup",
  },
  { id: "storage", section: "profile", title: "Storage", words: "quota space used" },
  { id: "visibility", section: "privacy", title: "Who sees your profile", words: "visibility details nobody" },
  { id: "privacy", section: "privacy", title: "What you hide", words: "online last seen activity address" },
  { id: "reading", section: "privacy", title: "What you have read", words: "read receipts seen by hide reading" },
  { id: "direct", section: "privacy", title: "Who may write to you directly", words: "direct messages dm contact" },
  { id: "blocked", section: "privacy", title: "Blocked people", words: "block unblock ignore" },
  { id: "password", section: "security", title: "Password", words: "change log in" },
  {
    id: "factors",
    section: "security",
    title: "Second factor",
    words: "two authenticator app totp code passkey passkeys recovery codes fingerprint 2fa mfa",
  },
  { id: "app-passwords", section: "security", title: "App passwords", words: "mail program client imap smtp" },
  {
    id: "sessions",
    section: "security",
    title: "Where you are logged in",
    words: "sessions devices browsers end revoke trusted mail programs connected",
  },
  { id: "log", section: "security", title: "Your log", words: "audit history activity log-ins what happened export" },
  {
    id: "notifications",
    section: "notifications",
    title: "What you are told of",
    words: "new mail messages sound push e-mail alerts",
  },
  { id: "quiet", section: "notifications", title: "Quiet hours", words: "do not disturb night silence" },
  {
    id: "notification-rules",
    section: "notifications",
    title: "Senders, words and mailboxes",
    words: "vip keyword rules mute person alert",
  },
  { id: "devices", section: "notifications", title: "On your devices", words: "push browser phone allow permission" },
  { id: "letters", section: "notifications", title: "By e-mail", words: "letter digest missed daily summary" },
  { id: "why", section: "notifications", title: "Why you were told, or not", words: "log reason explain" },
  { id: "theme", section: "appearance", title: "Theme", words: "light dark system night colour color mode" },
  { id: "contrast", section: "appearance", title: "Contrast", words: "high accessibility colours readability" },
  { id: "density", section: "appearance", title: "Rows in lists", words: "density compact roomy height spacing" },
  { id: "undo", section: "mail", title: "Undo send", words: "seconds hold take back delay cancel" },
  {
    id: "images",
    section: "mail",
    title: "Pictures from elsewhere",
    words: "remote images load block tracking privacy ask always reading",
  },
  {
    id: "receipts",
    section: "mail",
    title: "When somebody asks whether you have read their mail",
    words: "read receipts receipt confirmation notification mdn disposition privacy",
  },
  {
    id: "archive",
    section: "mail",
    title: "After archiving or deleting",
    words: "archive delete next thread back to the list advance reading",
  },
  { id: "shortcuts", section: "mail", title: "Keyboard shortcuts", words: "keys gmail hotkeys" },
  { id: "signatures", section: "mail", title: "Names and signatures", words: "signature identity from sender sign" },
  { id: "more-signatures", section: "mail", title: "Signatures to choose from", words: "several sign closing" },
  { id: "templates", section: "mail", title: "Templates", words: "snippets canned responses texts fields" },
  {
    id: "clients",
    section: "mail",
    title: "Connect a mail client",
    words: "imap smtp submission server port tls ssl starttls thunderbird outlook apple iphone phone password",
  },
  {
    id: "extensions",
    section: "mail",
    title: "When a mail program misbehaves",
    words: "imap extensions capabilities switch off imap4rev2 qresync notify uidonly idle outlook apple nextcloud",
  },
  {
    id: "rules",
    section: "rules",
    title: "Rules for mail that comes in",
    words: "filter filters sort file label star sieve automatic preview",
  },
  {
    id: "retention",
    section: "rules",
    title: "How long mail is kept",
    words: "retention clean up trash junk spam days delete expire old empty",
  },
  {
    id: "vacation",
    section: "answers",
    title: "While you are away",
    words: "vacation holiday out of office absence autoreply automatic reply responder",
  },
  {
    id: "forwards",
    section: "answers",
    title: "Forwards",
    words: "forwarding redirect send on another address copy",
  },
  {
    id: "lists",
    section: "lists",
    title: "Mailing lists",
    words: "newsletter members subscribers import consent unsubscribe bulk announcement",
  },
  {
    id: "junk",
    section: "junk",
    title: "The junk filter",
    words: "spam learnt learned bayes strict threshold forget unwanted bulk",
  },
  {
    id: "senders",
    section: "junk",
    title: "Senders you decided on",
    words: "allow block list blacklist whitelist blocked spam domains addresses",
  },
  {
    id: "junk-of-all",
    section: "junk",
    title: "For everybody in the organisation",
    words: "spam refuse reject organisation allow block",
  },
  { id: "tokens", section: "developer", title: "Access tokens", words: "api programs scopes personal" },
  { id: "webhooks", section: "developer", title: "Webhooks", words: "events deliveries secret url hook replay" },
  {
    id: "oauth",
    section: "developer",
    title: "Applications that log people in by us",
    words: "oauth oidc openid clients redirect sign in",
  },
  { id: "api", section: "developer", title: "The API", words: "documentation docs rest openapi limits rate" },
];

export type Found = { section: SectionId; title: string; settings: Setting[] };

/** The settings that fit all typed words, by section; each word may be the beginning of one. */
export function settingsFor(typed: string): Found[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return SECTIONS.flatMap(({ id, title: section }) => {
    const fits = ({ title, words: known }: Setting) => {
      const all = `${title} ${known} ${section}`.toLowerCase().split(/\s+/);
      return words.every((word) => all.some((one) => one.startsWith(word)));
    };
    const settings = SETTINGS.filter((one) => one.section === id && fits(one));
    return settings.length > 0 ? [{ section: id, title: section, settings }] : [];
  });
}
