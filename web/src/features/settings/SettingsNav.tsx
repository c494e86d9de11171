import { Link } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import {
  Ban,
  Bell,
  ChevronRight,
  CodeXml,
  EyeOff,
  ListFilter,
  Mail,
  Megaphone,
  Palette,
  Reply,
  Search,
  ShieldCheck,
  UserRound,
} from "lucide-react";
import { useState } from "react";
import { cx } from "../../lib/classes";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/Input";
import { settingsFor } from "./catalogue";
import { SECTIONS, type SectionId } from "./sections";

const ICONS: { [section in SectionId]: LucideIcon } = {
  profile: UserRound,
  privacy: EyeOff,
  security: ShieldCheck,
  notifications: Bell,
  appearance: Palette,
  mail: Mail,
  rules: ListFilter,
  answers: Reply,
  lists: Megaphone,
  junk: Ban,
  developer: CodeXml,
};

const ABOUT: { [section in SectionId]: string } = {
  profile: "Name, picture, addresses",
  privacy: "Who sees what, who may write to you, blocked people",
  security: "Password, second factor, where you are logged in",
  notifications: "What you are told of, and when",
  appearance: "Theme, contrast, density",
  mail: "Signatures, undo send, mail programs",
  rules: "Filters for mail that comes in, and how long it is kept",
  answers: "What is answered and sent on by itself",
  lists: "People you write to all at once",
  junk: "What is kept out of the inbox, and who never is",
  developer: "Access tokens, webhooks, applications",
};

/** The pages of the settings, or, while something is typed, the settings that are called so. */
export function SettingsNav({ isPage }: { isPage: boolean }) {
  const [typed, setTyped] = useState("");
  return (
    <>
      <div className="relative mb-3">
        <Search size={16} aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 text-muted" />
        <Input
          type="search"
          aria-label={t("Search settings")}
          placeholder={t("Search settings")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="pl-8"
        />
      </div>
      <nav aria-label={t("Sections")}>
        {typed.trim() ? (
          <Results typed={typed} onClear={() => setTyped("")} />
        ) : (
          <ul className={cx("flex flex-col", isPage ? "rounded-md border border-line bg-raised" : "gap-0.5")}>
            {SECTIONS.map((section) => (
              <li key={section.id} className={cx(isPage && "border-t border-line first:border-t-0")}>
                {isPage ? <PageLink {...section} /> : <SideLink {...section} />}
              </li>
            ))}
          </ul>
        )}
      </nav>
    </>
  );
}

type LinkProps = { id: SectionId; title: string };

function SideLink({ id, title }: LinkProps) {
  const Icon = ICONS[id];
  return (
    <Link
      to="/settings/$section"
      params={{ section: id }}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-hover hover:text-ink"
      activeProps={{ className: "bg-selected font-medium text-ink!" }}
    >
      <Icon size={16} aria-hidden />
      {t(title)}
    </Link>
  );
}

function PageLink({ id, title }: LinkProps) {
  const Icon = ICONS[id];
  return (
    <Link
      to="/settings/$section"
      params={{ section: id }}
      className="flex min-h-14 items-center gap-3 px-4 py-2 hover:bg-hover"
    >
      <Icon size={20} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block text-base font-medium">{t(title)}</span>
        <span className="block truncate text-sm text-muted">{t(ABOUT[id])}</span>
      </span>
      <ChevronRight size={16} aria-hidden className="shrink-0 text-muted" />
    </Link>
  );
}

function Results({ typed, onClear }: { typed: string; onClear: () => void }) {
  const found = settingsFor(typed);
  if (found.length === 0)
    return (
      <div role="status" className="px-2 py-4 text-sm">
        <p className="font-medium">{t("No setting is called that")}</p>
        <p className="mt-1 text-muted">{t("Try another word, such as “dark” or “IMAP”.")}</p>
        <Button size="small" className="mt-3" onClick={onClear}>
          {t("Show all settings")}
        </Button>
      </div>
    );
  return found.map(({ section, title, settings }) => (
    <div key={section} className="mb-3">
      <h2 className="px-2 pb-1 text-xs font-medium text-muted">{t(title)}</h2>
      <ul>
        {settings.map((one) => (
          <li key={one.id}>
            <Link
              to="/settings/$section"
              params={{ section }}
              hash={one.id}
              activeOptions={{ includeHash: true }}
              className="block rounded-md px-2 py-1.5 text-sm hover:bg-hover"
              activeProps={{ className: "bg-selected" }}
            >
              {t(one.title)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}
