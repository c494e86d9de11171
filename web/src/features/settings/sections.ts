/** The pages of the settings, in their order; small, since commands are made of them too. */
export const SECTIONS = [
  { id: "profile", title: "Profile" },
  { id: "privacy", title: "Privacy" },
  { id: "security", title: "Security" },
  { id: "notifications", title: "Notifications" },
  { id: "appearance", title: "Appearance" },
  { id: "mail", title: "Mail" },
  { id: "rules", title: "Rules" },
  { id: "answers", title: "Answers and forwards" },
  { id: "lists", title: "Mailing lists" },
  { id: "junk", title: "Junk" },
  { id: "developer", title: "Developer" },
] as const;

export type SectionId = (typeof SECTIONS)[number]["id"];

export function sectionOf(text: string) {
  return SECTIONS.find(({ id }) => id === text) ?? null;
}
