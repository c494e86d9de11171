/** Puts what colleagues say among the mails that they say it about, by time. Pure. */

export type Among<Mail, Note> = { kind: "mail"; mail: Mail } | { kind: "notes"; key: string; notes: Note[] };

/**
 * Mails keep their order; a note stands behind the last mail that was there when it was written. Notes beside one
 * another are one group, named by its first.
 */
export function interleave<Mail, Note extends { id: string; created_at: string }>(
  mails: readonly Mail[],
  notes: readonly Note[],
  timeOf: (mail: Mail) => string,
): Among<Mail, Note>[] {
  const times = mails.map((mail) => Date.parse(timeOf(mail)));
  const behind: Note[][] = [[], ...mails.map(() => [] as Note[])];
  for (const note of notes) {
    const at = Date.parse(note.created_at);
    behind[times.findLastIndex((time) => time <= at) + 1]?.push(note);
  }
  const group = (some: Note[] | undefined): Among<Mail, Note>[] => {
    const first = some?.[0];
    return first && some ? [{ kind: "notes", key: first.id, notes: some }] : [];
  };
  return [
    ...group(behind[0]),
    ...mails.flatMap((mail, n) => [{ kind: "mail" as const, mail }, ...group(behind[n + 1])]),
  ];
}
