/** The time zones and languages one can choose among, as lists to search in. */
import type { PickerItem } from "../../ui/Picker";

/** The browser knows the names; UTC is not among them. */
export function zoneItems(current: string): PickerItem[] {
  const all = new Set(["UTC", current, ...Intl.supportedValuesOf("timeZone")]);
  return [...all].toSorted().map((zone) => ({ id: zone, ...zoneWords(zone), isTicked: zone === current }));
}

/** "America/Argentina/Buenos_Aires" is "Buenos Aires" in "America, Argentina". */
export function zoneWords(zone: string): { title: string; hint: string } {
  const parts = zone.replaceAll("_", " ").split("/");
  return { title: parts.at(-1) ?? zone, hint: parts.slice(0, -1).join(", ") };
}

/** What the clock says there now: "10:42, GMT+1". */
export function clockIn(zone: string, now: Date): string {
  try {
    const options = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    const parts = new Intl.DateTimeFormat("en-GB", { ...options, timeZoneName: "shortOffset" }).formatToParts(now);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
    return `${part("hour")}:${part("minute")}, ${part("timeZoneName")}`;
  } catch {
    return "";
  }
}

/** Those of Europe and the ones most people write in; a locale that was set elsewhere stays in the list. */
const LOCALES =
  "en-GB en-US en-AU en-CA en-IE en-IN en-NZ en-ZA ar ar-EG bg-BG bn-BD ca-ES cs-CZ cy-GB da-DK de-DE de-AT de-CH el-GR" +
  " es-ES es-AR es-CO es-MX et-EE eu-ES fa-IR fi-FI fil-PH fr-FR fr-BE fr-CA fr-CH ga-IE gl-ES he-IL hi-IN hr-HR hu-HU" +
  " id-ID is-IS it-IT it-CH ja-JP ka-GE kk-KZ ko-KR lt-LT lv-LV mk-MK ms-MY mt-MT nb-NO nl-NL nl-BE pl-PL pt-PT pt-BR" +
  " ro-RO ru-RU sk-SK sl-SI sq-AL sr-RS sv-SE sv-FI sw-KE ta-IN te-IN th-TH tr-TR uk-UA ur-PK vi-VN zh-Hans-CN" +
  " zh-Hant-TW zh-Hant-HK";

export function localeItems(current: string): PickerItem[] {
  const all = new Set(["en", current, ...LOCALES.split(" ")]);
  return [...all]
    .map((locale) => ({ id: locale, title: localeName(locale), hint: locale, isTicked: locale === current }))
    .toSorted((a, b) => a.title.localeCompare(b.title));
}

/** "French, Canada". */
export function localeName(locale: string): string {
  try {
    return (
      new Intl.DisplayNames("en", { type: "language", languageDisplay: "standard" })
        .of(locale)
        ?.replace(/ \((.+)\)$/, ", $1") ?? locale
    );
  } catch {
    return locale;
  }
}
