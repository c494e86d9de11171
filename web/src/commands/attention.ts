/** Focus goes where attention goes: into a thread that was opened on purpose, and back to the list after. */

export const THREAD_HEADING_ID = "thread-heading";

let isThreadWanted = false;

/** Not while one only passes by with j and k: then the focus stays in the list. */
export function wantThreadFocus(): void {
  isThreadWanted = true;
}

/** For the thread, once it is drawn. */
export function takeThreadFocus(): void {
  if (!isThreadWanted) return;
  isThreadWanted = false;
  document.getElementById(THREAD_HEADING_ID)?.focus({ preventScroll: true });
}

export function focusList(): void {
  isThreadWanted = false;
  requestAnimationFrame(() => document.querySelector<HTMLElement>("[role='grid']")?.focus({ preventScroll: true }));
}
