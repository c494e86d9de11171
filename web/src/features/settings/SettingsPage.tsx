import { Link } from "@tanstack/react-router";
import { Settings } from "lucide-react";
import type { ComponentType } from "react";
import { t } from "../../lib/i18n";
import { EmptyState } from "../../ui/EmptyState";
import { AnswersSection } from "../automatic/AnswersSection";
import { DeveloperSection } from "../developer/DeveloperSection";
import { JunkSection } from "../junk/JunkSection";
import { ListsSection } from "../lists/ListsSection";
import { NotificationsSection } from "../notifications/NotificationsSection";
import { RulesSection } from "../rules/RulesSection";
import { AppearanceSection } from "./AppearanceSection";
import { MailSection } from "./MailSection";
import { PrivacySection } from "./PrivacySection";
import { ProfileSection } from "./ProfileSection";
import { SecuritySection } from "./SecuritySection";
import { SettingsBody } from "./SettingsBody";
import { type SectionId, sectionOf } from "./sections";

const CONTENT: { [section in SectionId]: ComponentType } = {
  profile: ProfileSection,
  privacy: PrivacySection,
  security: SecuritySection,
  notifications: NotificationsSection,
  appearance: AppearanceSection,
  mail: MailSection,
  rules: RulesSection,
  answers: AnswersSection,
  lists: ListsSection,
  junk: JunkSection,
  developer: DeveloperSection,
};

export function SettingsPage({ section: id }: { section: string }) {
  const section = sectionOf(id);
  if (!section)
    return (
      <EmptyState icon={Settings} title={t("There is no such page")} text={t("The address may be old, or mistyped.")}>
        <Link to="/settings" className="text-sm font-medium text-accent underline-offset-2 hover:underline">
          {t("To the settings")}
        </Link>
      </EmptyState>
    );
  const Content = CONTENT[section.id];
  return (
    <SettingsBody
      key={section.id}
      title={t(section.title)}
      back={{ to: "/settings", label: t("Settings"), isNarrowOnly: true }}
    >
      <Content />
    </SettingsBody>
  );
}
