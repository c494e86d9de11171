import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";
import { useSettled } from "../../lib/settled";
import { changed, type OrganisationSearch, searchOf } from "./search";
import type { SectionId } from "./sections";

export type Filters = { search: OrganisationSearch; setSearch: (changes: OrganisationSearch) => void };

/** What a list is narrowed by, kept in the address. */
export function useFilters(section: SectionId): Filters {
  const navigate = useNavigate();
  const search = searchOf(useSearch({ strict: false }));
  const setSearch = (changes: OrganisationSearch) =>
    void navigate({
      to: "/organisation/$section",
      params: { section },
      search: changed(search, changes),
      replace: true,
    });
  return { search, setSearch };
}

/** A field whose text reaches the address once the hand rests. */
export function useTypedFilter({ search, setSearch }: Filters, name: "q" | "ip"): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(search[name] ?? "");
  const settled = useSettled(typed).trim();
  const put = useEffectEvent((text: string) => {
    if (text !== (search[name] ?? "")) setSearch({ [name]: text });
  });
  useEffect(() => put(settled), [settled]);
  return [typed, setTyped];
}
