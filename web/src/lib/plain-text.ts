/** A plain text mail in pieces: what was written, what was quoted, and the signature. */

export type TextBlock = { kind: "text" | "quote" | "signature"; lines: string[] };

const QUOTED = /^\s*>/;
const SIGNATURE = /^-- ?$/;
/** "On Tue, Alice wrote:" and its like: a line (or two) before a quote that ends in a colon. */
const ATTRIBUTION =
  /^(on|am|le|el|il|op|den)\b.*:\s*$|.*\b(wrote|writes|schrieb|écrit|escribió|scrisse|schreef|skrev):\s*$/i;
const ORIGINAL = /^-{2,}\s*(original message|forwarded message|ursprüngliche nachricht)\s*-{2,}$/i;

export function textBlocks(text: string): TextBlock[] {
  const lines = text.replace(/\r\n?/g, "\n").trimEnd().split("\n");
  const blocks: TextBlock[] = [];
  let kind: TextBlock["kind"] = "text";
  for (const [index, line] of lines.entries()) {
    if (kind === "signature" && !QUOTED.test(line)) kind = "signature";
    else if (ORIGINAL.test(line.trim())) kind = "quote";
    else if (QUOTED.test(line) || isAttribution(lines, index)) kind = "quote";
    else if (SIGNATURE.test(line)) kind = "signature";
    else if (kind === "quote" && isBelowOriginal(blocks)) kind = "quote";
    else if (kind !== "quote" || line.trim() !== "") kind = "text";
    push(blocks, kind, line);
  }
  return blocks.map(trimmed).filter((block) => block.lines.length > 0);
}

function isAttribution(lines: string[], index: number): boolean {
  const line = lines[index] ?? "";
  const next = lines.slice(index + 1, index + 4).find((one) => one.trim() !== "");
  return ATTRIBUTION.test(line.trim()) && next !== undefined && QUOTED.test(next);
}

/** What stands under "Original Message" is quoted to the end, without marks. */
function isBelowOriginal(blocks: TextBlock[]): boolean {
  const last = blocks.at(-1);
  return last?.kind === "quote" && last.lines.some((line) => ORIGINAL.test(line.trim()));
}

function push(blocks: TextBlock[], kind: TextBlock["kind"], line: string): void {
  const last = blocks.at(-1);
  if (last?.kind === kind) last.lines.push(line);
  else blocks.push({ kind, lines: [line] });
}

function trimmed(block: TextBlock): TextBlock {
  const isFull = (line: string) => line.trim() !== "";
  const first = block.lines.findIndex(isFull);
  const last = block.lines.findLastIndex(isFull);
  return { kind: block.kind, lines: first < 0 ? [] : block.lines.slice(first, last + 1) };
}

export type TextSpan = { kind: "words" | "link" | "address"; text: string };

const LINK = /\bhttps?:\/\/[^\s<>"']+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const STOPS = ".,;:!?'\"]}";

/** Addresses of the web and of people become links; marks at their end stay words. */
export function spansOf(text: string): TextSpan[] {
  const spans: TextSpan[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const whole = match[0];
    const isWeb = /^https?:/i.test(whole);
    const link = isWeb ? withoutTail(whole) : whole;
    if (match.index > from) spans.push({ kind: "words", text: text.slice(from, match.index) });
    spans.push({ kind: isWeb ? "link" : "address", text: link });
    from = match.index + link.length;
  }
  if (from < text.length) spans.push({ kind: "words", text: text.slice(from) });
  return spans;
}

/** A closing bracket belongs to the link only if it closes one that is in it. */
function withoutTail(link: string): string {
  let end = link.length;
  while (end > 0) {
    const last = link[end - 1] ?? "";
    const isStop = STOPS.includes(last) || (last === ")" && !link.slice(0, end).includes("("));
    if (!isStop) break;
    end -= 1;
  }
  return link.slice(0, end);
}
