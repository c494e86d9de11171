import { Search, Settings } from "lucide-react";
import { type ReactNode, useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Input } from "../../ui/Input";
import { AccountSection } from "./AccountSection";
import { AppearanceSection } from "./AppearanceSection";
import { ClientsSection } from "./ClientsSection";
import { SECTIONS, SETTINGS, type SectionId, settingsFor } from "./catalogue";
import { MailSection } from "./MailSection";
import { SecuritySection } from "./SecuritySection";
import type { SectionProps } from "./section";

const CONTENT: { [section in SectionId]: (props: SectionProps) => ReactNode } = {
  appearance: AppearanceSection,
  mail: MailSection,
  account: AccountSection,
  security: SecuritySection,
  clients: ClientsSection,
};

export function SettingsPage() {
  const [typed, setTyped] = useState("");
  const shown = settingsFor(typed);
  const sections = SECTIONS.filter(({ id }) => SETTINGS.some((one) => one.section === id && shown.has(one.id)));
  return (
    <main aria-label={t("Settings")} className="h-full overflow-y-auto bg-paper">
      <div className="mx-auto flex max-w-4xl gap-8 px-6 max-sm:px-4">
        <nav aria-label={t("Sections")} className="sticky top-0 w-44 shrink-0 self-start pt-6 max-md:hidden">
          <ul className="flex flex-col gap-0.5">
            {sections.map(({ id, title }) => (
              <li key={id}>
                <button
                  type="button"
                  onClick={() => goTo(id)}
                  className="w-full rounded-md px-2 py-1.5 text-left text-sm text-muted hover:bg-hover hover:text-ink"
                >
                  {t(title)}
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div className="min-w-0 flex-1 pb-24">
          <header className="sticky top-0 z-10 -mx-1 flex flex-wrap items-center gap-x-4 gap-y-2 bg-paper px-1 pt-6 pb-4">
            <h1 className="flex-1 text-xl font-semibold">{t("Settings")}</h1>
            <div className="relative w-60 max-sm:w-full">
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
          </header>
          {sections.map(({ id, title }) => {
            const Content = CONTENT[id];
            return (
              <section
                key={id}
                id={`settings-${id}`}
                aria-labelledby={`settings-${id}-title`}
                className="scroll-mt-24 pb-8"
              >
                <h2
                  id={`settings-${id}-title`}
                  tabIndex={-1}
                  className="mb-2 text-sm font-semibold text-muted outline-none"
                >
                  {t(title)}
                </h2>
                <div className="rounded-md border border-line bg-raised px-4">
                  <Content shows={(setting) => shown.has(setting)} />
                </div>
              </section>
            );
          })}
          {sections.length === 0 && (
            <div className="h-72">
              <EmptyState
                icon={Settings}
                title={t("No setting is called that")}
                text={t("Try another word, such as “dark” or “IMAP”.")}
              >
                <Button onClick={() => setTyped("")}>{t("Show all settings")}</Button>
              </EmptyState>
            </div>
          )}
        </div>
      </div>
    </main>
  );
}

function goTo(id: SectionId): void {
  document.getElementById(`settings-${id}`)?.scrollIntoView({ block: "start" });
  document.getElementById(`settings-${id}-title`)?.focus({ preventScroll: true });
}
