/** The server's state is an opaque string with a number inside; only its order is used. */

export function stateNumber(state: string): number | null {
  const digits = state.match(/\d+/g)?.at(-1);
  return digits === undefined ? null : Number(digits);
}

/** Whether `a` is known to be no older than `b`. */
export function isAtLeast(a: string, b: string): boolean {
  const [left, right] = [stateNumber(a), stateNumber(b)];
  return left === null || right === null || left >= right;
}
