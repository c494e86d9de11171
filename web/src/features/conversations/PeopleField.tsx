import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import { t } from "../../lib/i18n";
import { useSettled } from "../../lib/settled";
import { Avatar } from "../../ui/Avatar";
import { Chip } from "../../ui/Chip";
import { Combobox } from "../../ui/Combobox";

export type Chosen = { id: string; name: string };

/** People of the organisation by some letters of their name. */
export const colleaguesQuery = (q: string) => ({
  queryKey: ["colleagues", q] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await call("POST /api/v1/users/search/", { body: { q, limit: 8 }, signal })).items,
  staleTime: 60_000,
});

type PeopleFieldProps = {
  label: string;
  hint?: string;
  error?: string | undefined;
  chosen: readonly Chosen[];
  /** Not offered: who is in it already, and oneself. */
  except: readonly string[];
  onChange: (chosen: Chosen[]) => void;
};

export function PeopleField({ label, hint, error, chosen, except, onChange }: PeopleFieldProps) {
  const [typed, setTyped] = useState("");
  const q = useSettled(typed, 150).trim();
  const found = useQuery({ ...colleaguesQuery(q), enabled: q !== "" }).data;
  const isLeft = (id: string) => !except.includes(id) && !chosen.some((one) => one.id === id);
  const options = (found ?? [])
    .filter((one) => isLeft(one.id))
    .map((one) => ({
      id: one.id,
      title: one.display_name || one.name,
      hint: one.email ?? undefined,
      icon: <Avatar person={{ name: one.name, email: one.email ?? one.id }} size={20} />,
    }));
  return (
    <div className="flex flex-col gap-2">
      <Combobox
        label={label}
        {...(hint ? { hint } : {})}
        error={error}
        placeholder={t("Name or address")}
        typed={typed}
        onType={setTyped}
        options={q === typed.trim() && found ? options : null}
        emptyText={t("Nobody of that name is left to choose.")}
        onPick={({ id, title }) => {
          setTyped("");
          onChange([...chosen, { id, name: title }]);
        }}
      />
      {chosen.length > 0 && (
        <ul aria-label={t("Chosen")} className="flex flex-wrap gap-1">
          {chosen.map((one) => (
            <li key={one.id} className="max-w-full">
              <Chip
                removeLabel={t("Take out {name}", { name: one.name })}
                onRemove={() => onChange(chosen.filter((other) => other.id !== one.id))}
              >
                {one.name}
              </Chip>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
