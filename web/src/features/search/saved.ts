/** Searches a person keeps in the rail; part of their preferences on the server. */
import type { Me } from "../../api/types";

export type SavedSearch = { name: string; q: string };

export function savedSearchesOf(me: Me | null): SavedSearch[] {
  const raw = me?.preferences.saved_searches;
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((one: unknown) => {
    if (one === null || typeof one !== "object" || !("q" in one) || typeof one.q !== "string") return [];
    const name = "name" in one && typeof one.name === "string" ? one.name : one.q;
    return [{ name, q: one.q }];
  });
}
