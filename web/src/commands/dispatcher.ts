/** Listens for keys, also those pressed inside a mail's frame, and runs what they mean. */

import { preferencesOf } from "../features/settings/preferences";
import type { Command } from "./command";
import { here } from "./here";
import type { Binding } from "./keys";
import { pressOf, resolveKeys } from "./keys";
import { commands } from "./registry";

const SEQUENCE_MS = 1_200;
/** These work while the person types. */
const EVERYWHERE = new Set(["mod+k"]);

let begun: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const press = pressOf(event);
  if (!press) return;
  if (!EVERYWHERE.has(press) && isTaken(event.target, press)) return;
  const context = here();
  if (!context?.me) return;
  if (!preferencesOf(context.me).shortcuts && !EVERYWHERE.has(press)) return;
  const allowed: Binding<Command>[] = commands
    .filter((command) => !command.when || command.when(context))
    .flatMap((command) => command.keys.map((binding) => ({ keys: binding, target: command })));
  const outcome = resolveKeys(begun, press, allowed);
  clearTimeout(timer);
  begun = [];
  if (outcome.kind === "wait") {
    begun = outcome.presses;
    timer = setTimeout(() => {
      begun = [];
    }, SEQUENCE_MS);
  }
  if (outcome.kind === "none") return;
  event.preventDefault();
  if (outcome.kind === "run") outcome.target.run(context);
}

/** Whether the element the key went to wants it for itself. */
function isTaken(target: EventTarget | null, press: string): boolean {
  if (!isElement(target)) return false;
  if (target.closest("input, textarea, select, [contenteditable='true'], [role='dialog'], [role='menu']")) return true;
  const isActivation = press === "enter" || press === "space";
  return isActivation && target.closest("button, a[href], summary, [role='button']") !== null;
}

/** Not instanceof: elements of a mail's frame come from another window. */
function isElement(target: EventTarget | null): target is Element {
  return target !== null && "closest" in target;
}

export function listenForKeys(): () => void {
  document.addEventListener("keydown", handleKey);
  return () => document.removeEventListener("keydown", handleKey);
}
