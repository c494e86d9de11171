/** What is done with people, each with its way back. */
import type { QueryClient } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { UserShape } from "../../api/generated/schema";
import { t } from "../../lib/i18n";
import { type Kept, withItem, withoutItem } from "../../lib/pages";
import type { Act } from "./act";
import { isOfEverybody, PEOPLE_KEY, personQuery } from "./queries";

type Changes = { is_active?: boolean; role?: string };

const change = (id: string, body: Changes) => call("PATCH /api/v1/users/{user_id}/", { path: { user_id: id }, body });
const remove = (id: string) => call("DELETE /api/v1/users/{user_id}/", { path: { user_id: id } });
const restore = (id: string) => call("POST /api/v1/users/{user_id}/restore/", { path: { user_id: id } });

/** Whoever is switched leaves the list of one state for that of the other, and stays where both are shown. */
const switched = (person: UserShape, changes: Partial<UserShape>) => (client: QueryClient) => {
  const is = (one: UserShape) => one.id === person.id;
  for (const [key, data] of client.getQueriesData<Kept<UserShape>>({ queryKey: PEOPLE_KEY }))
    client.setQueryData(key, isOfEverybody(key) ? withItem(data, is, changes) : withoutItem(data, is));
  client.setQueryData<UserShape>(personQuery(person.id).queryKey, (data) => data && { ...data, ...changes });
};

export function switchOff(person: UserShape): Act {
  return {
    run: () => change(person.id, { is_active: false }),
    done: t("{name} is switched off. Their sessions have ended.", { name: nameOf(person) }),
    undo: () => change(person.id, { is_active: true }),
    shows: switched(person, { is_active: false }),
  };
}

export function switchOn(person: UserShape): Act {
  return {
    run: () => change(person.id, { is_active: true }),
    done: t("{name} can come in again.", { name: nameOf(person) }),
    undo: () => change(person.id, { is_active: false }),
    shows: switched(person, { is_active: true }),
  };
}

export function deletePerson(person: UserShape): Act {
  return {
    run: () => remove(person.id),
    done: t("{name} is deleted. For 14 days that can be taken back.", { name: nameOf(person) }),
    undo: () => restore(person.id),
    shows: switched(person, { is_active: false, deleted_at: new Date().toISOString() }),
  };
}

export function restorePerson(person: UserShape): Act {
  return {
    run: () => restore(person.id),
    done: t("{name} is back.", { name: nameOf(person) }),
    undo: () => remove(person.id),
    shows: switched(person, { is_active: true, deleted_at: null }),
  };
}

export function giveRole(person: UserShape, role: string): Act {
  return {
    run: () => change(person.id, { role }),
    done: t("{name} has another role from now on.", { name: nameOf(person) }),
    undo: () => change(person.id, { role: person.role }),
    shows: (client) =>
      void client.setQueryData<UserShape>(personQuery(person.id).queryKey, (data) => data && { ...data, role }),
  };
}

export const nameOf = (person: UserShape): string => person.name || person.email || t("Somebody");
