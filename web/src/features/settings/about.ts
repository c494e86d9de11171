/** The form about oneself: what stands in it, and what of it has changed. */
import type { Myself, MyselfChange } from "../../api/myself";

export const TEXTS = ["name", "display_name", "pronouns", "title", "department", "phone", "location", "about"] as const;

export type About = { [name in (typeof TEXTS)[number]]: string } & { links: Myself["links"] };

export const MOST_LINKS = 8;

export function aboutOf(myself: Myself): About {
  // Without a display name the server shows the name in its place.
  const display_name = myself.display_name === myself.name ? "" : myself.display_name;
  const texts = Object.fromEntries(TEXTS.map((name) => [name, myself[name]])) as Omit<About, "links">;
  return { ...texts, display_name, links: myself.links };
}

/** Only what differs is sent; a link without an address is no link. */
export function changesOf(before: About, now: About): MyselfChange {
  const changes: MyselfChange = {};
  for (const name of TEXTS) {
    const text = now[name].trim();
    if (text !== before[name]) changes[name] = text;
  }
  const links = now.links
    .map(({ name, url }) => ({ name: name.trim(), url: url.trim() }))
    .filter(({ url }) => url)
    .map(({ name, url }) => ({ url: withScheme(url), name: name || hostOf(url) }));
  if (JSON.stringify(links.map(key)) !== JSON.stringify(before.links.map(key))) changes.links = links;
  return changes;
}

const key = ({ name, url }: { name: string; url: string }) => [name, url];

function withScheme(url: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`;
}

function hostOf(url: string): string {
  try {
    return new URL(withScheme(url)).hostname.slice(0, 60) || url.slice(0, 60);
  } catch {
    return url.slice(0, 60);
  }
}
