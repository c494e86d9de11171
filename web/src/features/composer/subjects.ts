/** Subject prefixes: one "Re: " however many clients and languages have added theirs. */

const REPLY = ["re", "aw", "antw", "antwort", "sv", "vs", "odp", "ref", "rif", "réf", "回复", "答复", "回覆", "返信"];
const FORWARD = ["fwd", "fw", "wg", "tr", "rv", "i", "vb", "vl", "pd", "enc", "doorst", "转发", "轉寄", "転送"];
const STACKED = new RegExp(
  `^\\s*(?:${[...REPLY, ...FORWARD].join("|")})\\s*(?:\\[\\d+\\]|\\(\\d+\\)|\\d+)?\\s*[:：]\\s*`,
  "iu",
);
const MAX_PREFIXES = 20;

/** The subject without reply and forward marks in front. `[list] Re: x` keeps its list tag. */
export function baseSubject(subject: string): string {
  let rest = subject.trim();
  for (let count = 0; count < MAX_PREFIXES && STACKED.test(rest); count++) rest = rest.replace(STACKED, "");
  return rest.trim();
}

export function replySubject(subject: string): string {
  return `Re: ${baseSubject(subject)}`.trim();
}

export function forwardSubject(subject: string): string {
  return `Fwd: ${baseSubject(subject)}`.trim();
}
