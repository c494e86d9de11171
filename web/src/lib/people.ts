/** How people are named in lists and heads. */
import type { Addr } from "../api/types";
import { t } from "./i18n";

export function nameOf(person: Addr): string {
  return person.name.trim() || person.email;
}

/** The first name alone, where several people share a line. */
export function shortNameOf(person: Addr): string {
  const name = person.name.trim();
  if (!name) return person.email.split("@")[0] ?? person.email;
  const inOrder = name.includes(",") ? (name.split(",")[1] ?? name).trim() : name;
  return inOrder.split(/\s+/)[0] ?? name;
}

/** "me, Bob and 159 others": whom a mail went to, the order being the writer's. */
export function recipientsLine(people: readonly Addr[], { own, me }: PeopleOptions): string {
  if (people.length <= MOST_NAMED) return peopleLine(people, { own, me });
  // Oneself first: that it came to one at all is what one looks for.
  const isOwn = (person: Addr) => own.has(person.email.toLowerCase());
  const [first, second] = [...people.filter(isOwn), ...people.filter((person) => !isOwn(person))];
  const named = peopleLine(
    [first, second].filter((person) => person !== undefined),
    { own, me },
  );
  return t("{names} and {n} others", { names: named, n: people.length - 2 });
}

const MOST_NAMED = 3;

export type PeopleOptions = { own: ReadonlySet<string>; me: string };

/** "Alice Ek", "Alice, Bob, me", "Alice .. Dora, me": first and newest matter most. */
export function peopleLine(people: readonly Addr[], { own, me }: PeopleOptions): string {
  const named = (person: Addr, isShort: boolean) =>
    own.has(person.email.toLowerCase()) ? me : isShort ? shortNameOf(person) : nameOf(person);
  const [only, second] = people;
  if (!only) return "";
  if (!second) return named(only, false);
  const names = people.map((person) => named(person, true));
  if (names.length <= 3) return names.join(", ");
  return `${names[0]} .. ${names.slice(-2).join(", ")}`;
}

/** For a field of a mail's head: "Alice <a@x>" only where the name does not say it. */
export function addressText(person: Addr): string {
  return person.name && person.name !== person.email ? `${person.name} <${person.email}>` : person.email;
}
