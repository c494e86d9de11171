import { ChevronsUpDown } from "lucide-react";
import { useState } from "react";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Picker, type PickerItem } from "../../ui/Picker";
import type { SettingId } from "./catalogue";
import { Row } from "./controls";
import { useChangeMyself } from "./useMyself";
import { clockIn, localeItems, localeName, zoneItems, zoneWords } from "./zones";

export function LanguageRows({ locale, timeZone }: { locale: string; timeZone: string }) {
  const { change } = useChangeMyself();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { title, hint } = zoneWords(timeZone);
  return (
    <>
      <LongChoice
        at="locale"
        title={t("Language")}
        hint={t("The pages are in English so far. Your colleagues see which one you write in.")}
        value={localeName(locale)}
        placeholder={t("Language or country")}
        items={() => localeItems(locale)}
        onPick={(picked) => void change({ locale: picked })}
      />
      <LongChoice
        at="zone"
        title={t("Time zone")}
        hint={
          here === timeZone
            ? t("There it is {time}.", { time: clockIn(timeZone, new Date()) })
            : t("There it is {time}. This browser is in {zone}.", {
                time: clockIn(timeZone, new Date()),
                zone: zoneWords(here).title,
              })
        }
        value={hint ? `${title}, ${hint}` : title}
        placeholder={t("City or region")}
        items={() => zoneItems(timeZone)}
        onPick={(picked) => void change({ time_zone: picked })}
      />
    </>
  );
}

type LongChoiceProps = {
  at: SettingId;
  title: string;
  hint: string;
  value: string;
  placeholder: string;
  items: () => PickerItem[];
  onPick: (id: string) => void;
};

/** One of so many that one looks for it by typing. */
function LongChoice({ at, title, hint, value, placeholder, items, onPick }: LongChoiceProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Row title={title} at={at} hint={hint}>
      <Button
        className="max-w-72 min-w-0"
        aria-haspopup="dialog"
        aria-label={`${title}: ${value}`}
        onClick={() => setOpen(true)}
      >
        <span className="truncate">{value}</span>
        <ChevronsUpDown size={14} aria-hidden className="shrink-0 text-muted" />
      </Button>
      {isOpen && (
        <Picker
          title={title}
          placeholder={placeholder}
          items={items()}
          emptyText={t("Nothing is called that.")}
          onPick={(id) => {
            setOpen(false);
            onPick(id);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </Row>
  );
}
