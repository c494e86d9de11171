/** From key presses to commands. A binding is presses parted by spaces ("g i"), each a chord ("shift+i"). */

export type KeyPress = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
};

/** Signs such as "#" stand for themselves on any keyboard; only letters and named keys carry "shift+". */
export function pressOf(event: KeyPress): string | null {
  const { key } = event;
  if (["Shift", "Control", "Alt", "Meta", "Dead", "Process", "AltGraph"].includes(key)) return null;
  const isLetter = /^\p{L}$/u.test(key);
  const isNamed = key.length > 1;
  const name = key === " " ? "space" : key.toLowerCase();
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey && (isLetter || isNamed)) parts.push("alt");
  if (event.shiftKey && (isLetter || isNamed)) parts.push("shift");
  return [...parts, name].join("+");
}

export type Binding<Target> = { keys: string; target: Target };

export type Outcome<Target> =
  | { kind: "run"; target: Target }
  /** The presses so far begin a longer binding. */
  | { kind: "wait"; presses: string[] }
  | { kind: "none" };

/** A press that does not go on with what was begun starts afresh. */
export function resolveKeys<Target>(
  before: readonly string[],
  press: string,
  bindings: readonly Binding<Target>[],
): Outcome<Target> {
  const presses = [...before, press];
  const text = presses.join(" ");
  const exact = bindings.find((binding) => binding.keys === text);
  if (exact) return { kind: "run", target: exact.target };
  if (bindings.some((binding) => binding.keys.startsWith(`${text} `))) return { kind: "wait", presses };
  return before.length > 0 ? resolveKeys([], press, bindings) : { kind: "none" };
}
