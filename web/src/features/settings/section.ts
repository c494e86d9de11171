import type { SettingId } from "./catalogue";

export type SectionProps = { shows: (setting: SettingId) => boolean };
