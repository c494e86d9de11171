/** How strict the filter is, in words for the scores that people choose. */
import { t } from "../../lib/i18n";

export type Level = { value: string; label: string };

const LEVELS: [number, string][] = [
  [3.5, "Strict"],
  [5, "Usual"],
  [8, "Lenient"],
];

/** The three, and the one that holds where it is another (set by API). */
export function levels(threshold: number): Level[] {
  const known = LEVELS.map(([score, label]) => ({ value: String(score), label: t(label) }));
  const isKnown = LEVELS.some(([score]) => score === threshold);
  return isKnown
    ? known
    : [...known, { value: String(threshold), label: t("From {score} points", { score: threshold }) }];
}

const REFUSALS = [10, 15, 25];

export function refusals(refuseAt: number | null): Level[] {
  const scores = [...new Set([...REFUSALS, ...(refuseAt === null ? [] : [refuseAt])])].sort((a, b) => a - b);
  return [
    { value: "", label: t("Refuse none") },
    ...scores.map((score) => ({ value: String(score), label: t("From {score} points", { score }) })),
  ];
}

/** "+2.5" and "−4": what speaks against an e-mail, and for it. */
export function weightText(weight: number): string {
  const size = Math.abs(weight).toLocaleString("en", { maximumFractionDigits: 1 });
  if (size === "0") return size;
  return weight < 0 ? `−${size}` : `+${size}`;
}
