/** Which e-mails of a thread stand open, and which fall together into "4 more". */
import type { Email } from "../api/types";

const MOST_FOLDED_LINES = 4;

/** The newest and all unread; a draft opens in the composer, so it stays a line. */
export function openAtFirst(emails: readonly Email[]): ReadonlySet<string> {
  const newest = emails.findLast((email) => !email.is_draft);
  const unread = emails.filter((email) => !email.is_seen && !email.is_draft);
  return new Set([...unread, ...(newest ? [newest] : [])].map((email) => email.id));
}

export type Piece = { kind: "email"; email: Email } | { kind: "more"; emails: Email[] };

/** A long run of folded mails keeps its first and last line. */
export function piecesOf(emails: readonly Email[], isOpen: (email: Email) => boolean): Piece[] {
  const pieces: Piece[] = [];
  let run: Email[] = [];
  const flush = () => {
    const [first, ...rest] = run;
    const last = rest.pop();
    if (first && last && run.length > MOST_FOLDED_LINES) {
      pieces.push({ kind: "email", email: first }, { kind: "more", emails: rest }, { kind: "email", email: last });
    } else pieces.push(...run.map((email): Piece => ({ kind: "email", email })));
    run = [];
  };
  for (const email of emails) {
    if (!isOpen(email)) {
      run.push(email);
      continue;
    }
    flush();
    pieces.push({ kind: "email", email });
  }
  flush();
  return pieces;
}
