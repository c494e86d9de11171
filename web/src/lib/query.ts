/** The search language as far as the client must know it: to show what was understood and to complete. */

export type Operator = { name: string; hint: string; values?: string[] };

export const OPERATORS: Operator[] = [
  { name: "from", hint: "who wrote it" },
  { name: "to", hint: "who got it" },
  { name: "subject", hint: "words of the subject" },
  { name: "has", hint: "what it carries", values: ["attachment"] },
  { name: "is", hint: "its state", values: ["unread", "read", "starred", "answered", "draft"] },
  { name: "in", hint: "a mailbox or label" },
  { name: "before", hint: "a day, like 2026-03-01" },
  { name: "after", hint: "a day, like 2026-03-01" },
  { name: "filename", hint: "an attachment's name" },
];

export type QueryPart =
  | { kind: "words"; text: string }
  | { kind: "operator"; name: string; value: string; isNegated: boolean; text: string };

const PART = /(-?)([a-z]+):("[^"]*"|\S+)|"[^"]*"|\S+/gi;
const known = new Set(OPERATORS.map((operator) => operator.name));

/** Neighbouring plain words come as one part. Text of parts joined by blanks is the query again. */
export function partsOf(q: string): QueryPart[] {
  const parts: QueryPart[] = [];
  for (const match of q.matchAll(PART)) {
    const [text, minus, name, value] = match;
    const last = parts.at(-1);
    if (name && value && known.has(name.toLowerCase())) {
      const bare = value.replace(/^"|"$/g, "");
      parts.push({ kind: "operator", name: name.toLowerCase(), value: bare, isNegated: minus === "-", text });
    } else if (last?.kind === "words") last.text += ` ${text}`;
    else parts.push({ kind: "words", text });
  }
  return parts;
}

export type Completion = { insert: string; label: string; hint: string };

/** What could stand in place of the last, unfinished word. */
export function completionsOf(q: string, boxNames: readonly string[]): Completion[] {
  const word = q.match(/(?:^|\s)(-?\S*)$/)?.[1] ?? "";
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
  const values = name === "in" ? boxNames : (operator?.values ?? []);
  return values
    .filter((value) => value.toLowerCase().startsWith(begun) && value.toLowerCase() !== begun)
    .slice(0, 8)
    .map((value) => ({ insert: `${name}:${quoted(value)} `, label: `${name}:${value}`, hint: "" }));
}

export function withCompletion(q: string, completion: Completion): string {
  return q.replace(/-?\S*$/, (word) => (word.startsWith("-") ? "-" : "") + completion.insert);
}

export function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}
