/** Keeping the rows under the eye where they are while others come and go above them. */

/**
 * How many rows the list moved at the place that is looked at. `firstVisible` is the index in
 * `before` of the first row on screen; when that row itself is gone, the next one that stayed counts.
 */
export function shiftOf(before: readonly string[], after: ReadonlyMap<string, number>, firstVisible: number): number {
  for (let index = Math.max(0, firstVisible); index < before.length; index += 1) {
    const id = before[index];
    const now = id === undefined ? undefined : after.get(id);
    if (now !== undefined) return now - firstVisible;
  }
  return 0;
}

/** Rows that are new above the first one that was known. */
export function arrivalsAbove(before: readonly string[], after: readonly string[]): string[] {
  const known = new Set(before);
  const firstKnown = after.findIndex((id) => known.has(id));
  return firstKnown < 0 ? [] : after.slice(0, firstKnown);
}
