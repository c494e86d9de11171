/** What the lists are narrowed by; it stands in the address, so that a view can be kept and sent. */
const NAMES = [
  "q",
  "role",
  "state",
  "act",
  "actor",
  "outcome",
  "via",
  "ip",
  "from",
  "to",
  "destination",
  "reason",
] as const;

export type OrganisationSearch = { [name in (typeof NAMES)[number]]?: string };

export function searchOf(raw: Record<string, unknown>): OrganisationSearch {
  const texts = NAMES.map((name) => [name, raw[name]] as const).filter(
    ([, value]) => (typeof value === "string" && value !== "") || typeof value === "number",
  );
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
}

/** The search with some changes; what is empty is left out of the address. */
export function changed(search: OrganisationSearch, changes: OrganisationSearch): OrganisationSearch {
  return searchOf({ ...search, ...changes });
}
