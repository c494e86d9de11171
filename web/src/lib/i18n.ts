/**
 * The one place where words for people pass through, so that a catalogue can be put here.
 * Placeholders are `{name}`; a plural gives both forms.
 */
export type Words = { [name: string]: string | number };

export function t(message: string, words?: Words): string {
  if (!words) return message;
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(words[name] ?? whole));
}

const plurals = new Intl.PluralRules("en");

/** `plural(3, "{n} thread", "{n} threads")` is "3 threads". */
export function plural(n: number, one: string, other: string, words?: Words): string {
  const count = new Intl.NumberFormat("en").format(n);
  return t(plurals.select(n) === "one" ? one : other, { n: count, ...words });
}
