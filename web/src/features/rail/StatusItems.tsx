import { BellOff, BellRing, SmilePlus } from "lucide-react";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { MenuItem, MenuLabel, MenuLine } from "../../ui/Menu";
import type { Rest } from "../notifications/hours";
import { restUntil } from "../notifications/hours";
import { useChoices } from "../notifications/useChoices";
import { useMyself } from "../settings/useMyself";

const RESTS: { rest: Rest; label: string }[] = [
  { rest: "hour", label: t("For an hour") },
  { rest: "evening", label: t("Until 18:00") },
  { rest: "morning", label: t("Until 08:00") },
];

/** What one tells of oneself, and whether one is to be left in peace. */
export function StatusItems({ onStatus }: { onStatus: () => void }) {
  const status = useMyself().data?.status ?? null;
  const { data: choices, change } = useChoices();
  const until = isLater(choices?.dnd_until) ? choices?.dnd_until : null;
  return (
    <>
      <MenuItem icon={SmilePlus} onSelect={onStatus}>
        {status ? `${status.emoji} ${status.text}`.trim() : t("Set a status …")}
      </MenuItem>
      {until ? (
        <MenuItem icon={BellRing} onSelect={() => void change({ dnd_until: null })}>
          {t("Disturb me again (now not until {when})", { when: longDate(until) })}
        </MenuItem>
      ) : (
        <>
          <MenuLabel>{t("Do not disturb")}</MenuLabel>
          {RESTS.map(({ rest, label }) => (
            <MenuItem
              key={rest}
              icon={BellOff}
              onSelect={() => void change({ dnd_until: restUntil(rest, new Date()).toISOString() })}
            >
              {label}
            </MenuItem>
          ))}
        </>
      )}
      <MenuLine />
    </>
  );
}

const isLater = (moment: string | null | undefined) => Boolean(moment && Date.parse(moment) > Date.now());
