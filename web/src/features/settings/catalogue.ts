/** Every setting once: where it stands, what it is called, and the words one might look for it by. */

export type SectionId = "appearance" | "mail" | "account" | "security" | "clients";

export type SettingId =
  | "theme"
  | "contrast"
  | "density"
  | "undo"
  | "signatures"
  | "images"
  | "archive"
  | "shortcuts"
  | "name"
  | "password"
  | "factors"
  | "app-passwords"
  | "tokens"
  | "sessions"
  | "clients";

export type Setting = { id: SettingId; section: SectionId; words: string };

export const SECTIONS: { id: SectionId; title: string }[] = [
  { id: "appearance", title: "Appearance" },
  { id: "mail", title: "Mail" },
  { id: "account", title: "Account" },
  { id: "security", title: "Security" },
  { id: "clients", title: "Connect a mail client" },
];

export const SETTINGS: Setting[] = [
  { id: "theme", section: "appearance", words: "theme light dark system night colour color mode" },
  { id: "contrast", section: "appearance", words: "high contrast accessibility colours readability" },
  { id: "density", section: "appearance", words: "density compact roomy rows height spacing list" },
  { id: "undo", section: "mail", words: "undo send seconds hold take back delay cancel" },
  { id: "signatures", section: "mail", words: "signature identity name from sender address sign" },
  { id: "images", section: "mail", words: "remote images pictures load block tracking privacy ask always reading" },
  { id: "archive", section: "mail", words: "after archive delete next thread back to the list advance reading" },
  { id: "shortcuts", section: "mail", words: "keyboard shortcuts keys gmail hotkeys" },
  { id: "name", section: "account", words: "name display address e-mail profile storage quota" },
  { id: "password", section: "security", words: "password change log in" },
  {
    id: "factors",
    section: "security",
    words: "second two factor authenticator app totp code passkey passkeys recovery codes fingerprint 2fa mfa",
  },
  { id: "app-passwords", section: "security", words: "app passwords mail program client imap smtp" },
  { id: "tokens", section: "security", words: "access tokens api programs scopes" },
  {
    id: "sessions",
    section: "security",
    words: "sessions devices browsers logged in where end revoke trusted mail programs connected",
  },
  {
    id: "clients",
    section: "clients",
    words:
      "connect mail client imap smtp submission server port tls ssl starttls thunderbird outlook apple iphone phone password",
  },
];

/** The settings that fit all typed words; each word may be the beginning of one. */
export function settingsFor(typed: string): Set<SettingId> {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ section, words: known }: Setting) => {
    const title = SECTIONS.find((one) => one.id === section)?.title.toLowerCase() ?? "";
    const all = `${known} ${title}`.split(/\s+/);
    return words.every((word) => all.some((one) => one.startsWith(word)));
  };
  return new Set(SETTINGS.filter(fits).map((setting) => setting.id));
}
