/** The search language as far as the client must know it: to show what was understood and to complete. */

import type { Addr, SearchPart } from "../api/types";

export type Operator = { name: string; hint: string; values?: string[]; takes?: "people" | "boxes" | "places" };

export const OPERATORS: Operator[] = [
  { name: "from", hint: "who wrote it", takes: "people" },
  { name: "to", hint: "who got it", takes: "people" },
  { name: "cc", hint: "who got a copy", takes: "people" },
  { name: "bcc", hint: "who got a blind copy", takes: "people" },
  { name: "subject", hint: "words of the subject" },
  {
    name: "has",
    hint: "what it carries",
    values: ["attachment", "link", "image", "reaction", "thread", "userlabels", "nouserlabels"],
  },
  {
    name: "is",
    hint: "its state",
    values: [
      "unread",
      "read",
      "starred",
      "pinned",
      "mention",
      "blocked",
      "answered",
      "forwarded",
      "important",
      "muted",
      "draft",
    ],
  },
  { name: "in", hint: "a mailbox, a label, or a #channel", takes: "places" },
  { name: "label", hint: "a mailbox or label", takes: "boxes" },
  { name: "before", hint: "a day, like 2026-03-01" },
  { name: "after", hint: "a day, like 2026-03-01" },
  { name: "older_than", hint: "days, months or years", values: ["7d", "1m", "6m", "1y"] },
  { name: "newer_than", hint: "days, months or years", values: ["1d", "7d", "1m", "1y"] },
  { name: "larger", hint: "a size, like 5M", values: ["1M", "5M", "10M"] },
  { name: "smaller", hint: "a size, like 100K", values: ["100K", "1M"] },
  { name: "filename", hint: "an attachment's name", values: ["pdf", "docx", "jpg"] },
  { name: "list", hint: "a mailing list" },
  { name: "rfc822msgid", hint: "a Message-ID" },
];

const PART = /(-?)([a-z0-9_]+):("[^"]*"|\S+)|"[^"]*"|\S+/gi;
const known = new Set(OPERATORS.map((operator) => operator.name));

/** What the text seems to say, until the server has said how it understood it. */
export function partsOf(q: string): SearchPart[] {
  const parts: SearchPart[] = [];
  for (const [text, minus, name, value] of q.matchAll(PART)) {
    if (name && value && known.has(name.toLowerCase())) {
      const bare = value.replace(/^"|"$/g, "");
      const is_negated = minus === "-";
      parts.push({ kind: "operator", name: name.toLowerCase(), value: bare, is_negated, text, only: null });
    } else parts.push({ kind: "words", name: "", value: text, is_negated: false, text, only: null });
  }
  return parts;
}

/** Neighbouring plain words as one part. */
export function together(parts: readonly SearchPart[]): SearchPart[] {
  const joined: SearchPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const areWords = last?.kind === "words" && part.kind === "words" && !last.is_negated && !part.is_negated;
    if (last && areWords) joined[joined.length - 1] = { ...last, text: `${last.text} ${part.text}` };
    else joined.push(part);
  }
  return joined;
}

export type Completion = { insert: string; label: string; hint: string };

function lastWord(q: string): string {
  return q.match(/(?:^|[\s(){}])(-?[^\s(){}]*)$/)?.[1] ?? "";
}

/** The person whose name is being typed, as in `from:an`; empty for anything else. */
export function personTyped(q: string): string {
  const [, name, begun] = lastWord(q).match(/^-?([a-z]+):(.+)$/i) ?? [];
  const operator = OPERATORS.find((one) => one.name === name?.toLowerCase());
  return operator?.takes === "people" && begun ? begun : "";
}

/** What there is to be named: mailboxes, people, and conversations with their sign (`#general`, `@Ann`). */
export type Names = { boxes?: readonly string[]; people?: readonly Addr[]; rooms?: readonly string[] };

/** What could stand in place of the last, unfinished word. */
export function completionsOf(q: string, { boxes = [], people = [], rooms = [] }: Names): Completion[] {
  const word = lastWord(q);
  const colon = word.indexOf(":");
  if (colon < 0) {
    const begun = word.replace(/^-/, "").toLowerCase();
    if (q !== "" && begun === "") return [];
    return OPERATORS.filter(({ name }) => name.startsWith(begun) && name !== begun).map(({ name, hint }) => ({
      insert: `${name}:`,
      label: `${name}:`,
      hint,
    }));
  }
  const name = word.slice(0, colon).replace(/^-/, "").toLowerCase();
  const begun = word.slice(colon + 1).toLowerCase();
  const operator = OPERATORS.find((one) => one.name === name);
  if (operator?.takes === "people") {
    return people.map((one) => ({ insert: `${name}:${one.email} `, label: `${name}:${one.email}`, hint: one.name }));
  }
  const places = operator?.takes === "places" ? [...boxes, ...rooms] : boxes;
  const values = operator?.takes ? places : (operator?.values ?? []);
  return values
    .filter((value) => value.toLowerCase().startsWith(begun) && value.toLowerCase() !== begun)
    .slice(0, 8)
    .map((value) => ({ insert: `${name}:${quoted(value)} `, label: `${name}:${value}`, hint: "" }));
}

export function withCompletion(q: string, completion: Completion): string {
  return q.replace(/-?[^\s(){}]*$/, (word) => (word.startsWith("-") ? "-" : "") + completion.insert);
}

export function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}
