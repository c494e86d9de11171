/** How many requests one has, out of the head of an answer: `"general";q=1200;w=60` (IETF draft RateLimit headers). */
import { plural, t } from "../../lib/i18n";

export type Policy = { name: string; quota: number; seconds: number };

export function policiesOf(header: string): Policy[] {
  return header.split(",").flatMap((part) => {
    const [name, ...parameters] = part.trim().split(";");
    const value = (key: string) => {
      const found = parameters.find((one) => one.trim().startsWith(`${key}=`));
      return Number(found?.split("=")[1] ?? Number.NaN);
    };
    const policy = { name: name?.replaceAll('"', "") ?? "", quota: value("q"), seconds: value("w") };
    return policy.quota > 0 && policy.seconds > 0 ? [policy] : [];
  });
}

const SPANS: [number, string][] = [
  [60, "{n} a minute"],
  [3_600, "{n} an hour"],
  [86_400, "{n} a day"],
];

export function policyWords({ quota, seconds }: Policy): string {
  const n = new Intl.NumberFormat("en").format(quota);
  const words = SPANS.find(([span]) => span === seconds)?.[1];
  return words ? t(words, { n }) : plural(seconds, "{quota} in {n} second", "{quota} in {n} seconds", { quota: n });
}
