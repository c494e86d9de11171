/** Keeping the rows under the eye where they are while others come and go above them. */

type Row = { id: string };
/** Where each row stands, by its id. */
export type Places = ReadonlyMap<string, number>;

export function placesOf(rows: readonly Row[]): Places {
  return new Map(rows.map((row, index) => [row.id, index]));
}

/**
 * How many rows the list moved at the place that is looked at. `firstVisible` is the index in
 * `before` of the first row on screen; when that row itself is gone, the next one that stayed counts.
 */
export function shiftOf(before: readonly Row[], after: Places, firstVisible: number): number {
  for (let index = Math.max(0, firstVisible); index < before.length; index += 1) {
    const row = before[index];
    const now = row && after.get(row.id);
    if (now !== undefined) return now - firstVisible;
  }
  return 0;
}

/** Rows that are new above the first one that was known. None when nothing was known: a list drawn anew. */
export function arrivalsAbove<Kind extends Row>(before: Places, after: readonly Kind[]): Kind[] {
  const firstKnown = after.findIndex((row) => before.has(row.id));
  return firstKnown < 0 ? [] : after.slice(0, firstKnown);
}
