import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useState } from "react";
import { t } from "../../lib/i18n";
import { useSettled } from "../../lib/settled";
import { Avatar } from "../../ui/Avatar";
import { Combobox, type ComboboxOption } from "../../ui/Combobox";
import { nameOf } from "./personActs";
import { foundPeopleQuery, someGroupsQuery } from "./queries";

export type Found = { kind: "person" | "group"; id: string; name: string };

export type MemberFieldProps = {
  label: string;
  hint?: string;
  /** Ids that are not offered. */
  except?: readonly string[];
  isPeopleOnly?: boolean;
  onPick: (found: Found) => void;
};

const MOST_GROUPS = 4;

/** Finds one person or one group by some letters of the name. */
export function MemberField({ label, hint, except = [], isPeopleOnly = false, onPick }: MemberFieldProps) {
  const [typed, setTyped] = useState("");
  const q = useSettled(typed, 150).trim();
  const people = useQuery({ ...foundPeopleQuery(q), enabled: q !== "", placeholderData: (before) => before });
  const groups = useQuery({ ...someGroupsQuery, enabled: !isPeopleOnly && q !== "" });
  const fits = (name: string) => q !== "" && name.toLowerCase().includes(q.toLowerCase());
  const foundGroups = isPeopleOnly ? [] : (groups.data ?? []).filter((one) => fits(one.name)).slice(0, MOST_GROUPS);
  const options: ComboboxOption[] = [
    ...foundGroups.map((one) => ({
      id: `group-${one.id}`,
      title: one.name,
      hint: one.address ?? t("Group"),
      icon: <Users size={16} aria-hidden className="shrink-0 text-muted" />,
    })),
    ...(people.data ?? []).map((one) => ({
      id: `person-${one.id}`,
      title: nameOf(one),
      hint: one.email ?? undefined,
      icon: <Avatar person={{ name: one.name, email: one.email ?? "" }} size={20} />,
    })),
  ].filter((one) => !except.includes(idOf(one.id)));
  const pick = (option: ComboboxOption) => {
    setTyped("");
    onPick({
      kind: option.id.startsWith("group-") ? "group" : "person",
      id: idOf(option.id),
      name: option.title,
    });
  };
  return (
    <Combobox
      label={label}
      hint={hint}
      placeholder={t("Name or address")}
      typed={typed}
      onType={setTyped}
      options={q === typed.trim() && people.data ? options : null}
      emptyText={t("Nobody of that name is left to choose.")}
      onPick={pick}
    />
  );
}

const idOf = (option: string) => option.slice(option.indexOf("-") + 1);
