/** Between what is written and what is sent: "@Bob" in the field is "@[Bob](user:7)" on the wire. Pure. */

export type Naming = { kind: "user" | "group"; id: string; name: string };

const TOKEN = /@\[([^\]\n]{1,200})\]\((user|group):([0-9]{1,19})\)/g;

/** Text as it is sent. Of names that begin alike the longer one counts. */
export function textToSend(shown: string, namings: readonly Naming[]): string {
  const byLength = namings.toSorted((a, b) => b.name.length - a.name.length);
  if (byLength.length === 0) return shown;
  const pattern = new RegExp(`@(${byLength.map((one) => escaped(one.name)).join("|")})(?![\\p{L}\\p{N}])`, "gu");
  const known = new Map(byLength.toReversed().map((one) => [one.name, one]));
  return shown.replace(pattern, (whole, name: string) => {
    const one = known.get(name);
    return one ? `@[${one.name.replaceAll("]", "")}](${one.kind}:${one.id})` : whole;
  });
}

/** And back, for drafts and for what is edited. */
export function textToShow(sent: string): { shown: string; namings: Naming[] } {
  const namings: Naming[] = [];
  const shown = sent.replace(TOKEN, (_, name: string, kind: "user" | "group", id: string) => {
    if (!namings.some((one) => one.kind === kind && one.id === id)) namings.push({ kind, id, name });
    return `@${name}`;
  });
  return { shown, namings };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export type Trigger = { sign: "@" | ":"; typed: string; from: number };

/** What is being completed at the cursor: letters after an @ or a colon that begins a word. */
export function triggerAt(text: string, cursor: number): Trigger | null {
  const before = text.slice(0, cursor);
  const match = /(?:^|[\s(])(@[\p{L}\p{N}_.' -]{0,30}|:[a-z0-9_+-]{2,30})$/u.exec(before);
  const found = match?.[1];
  if (!found || /@.*\s\S*\s/.test(found) || found.startsWith("@ ") || found.endsWith(" ")) return null;
  return { sign: found[0] as "@" | ":", typed: found.slice(1), from: cursor - found.length };
}

export type Selection = { text: string; start: number; end: number };

/** Puts signs around what is selected, or takes them off again. */
export function wrapped({ text, start, end }: Selection, sign: string): Selection {
  const inner = text.slice(start, end);
  const isOn = text.slice(start - sign.length, start) === sign && text.slice(end, end + sign.length) === sign;
  if (isOn) {
    const at = start - sign.length;
    return { text: text.slice(0, at) + inner + text.slice(end + sign.length), start: at, end: end - sign.length };
  }
  const next = text.slice(0, start) + sign + inner + sign + text.slice(end);
  return { text: next, start: start + sign.length, end: end + sign.length };
}

/** Puts a sign before each line of what is selected. */
export function lined({ text, start, end }: Selection, sign: string): Selection {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const lines = text.slice(from, end).split("\n");
  const isOn = lines.every((line) => line.startsWith(sign));
  const changed = lines.map((line) => (isOn ? line.slice(sign.length) : sign + line)).join("\n");
  const by = changed.length - (end - from);
  return {
    text: text.slice(0, from) + changed + text.slice(end),
    start: Math.max(from, start + (isOn ? -1 : 1) * sign.length),
    end: end + by,
  };
}

/** One line for lists and quotes: Markdown's signs go, words stay. */
export function plainLine(markdown: string, most = 160): string {
  const plain = textToShow(markdown.slice(0, most * 4))
    .shown.replace(/```[a-z]*\n?/g, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|`)/g, "")
    .replace(/(^|[\s(])[*_]([^*_\n]+)[*_](?=[\s).,!?;:]|$)/g, "$1$2")
    .replace(/^\s*\|?[\s:|-]*\|[\s:|-]*$/gm, "")
    .replace(/ ?\| ?/g, " ")
    .replace(/^\s{0,3}(>|#{1,6}|[-*+]) /gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length > most ? `${plain.slice(0, most)}…` : plain;
}
