/** The last act that can be taken back, for `z` and for the toast. */
import { plural, t } from "../lib/i18n";
import { perform, takeBack } from "../sync/act-queue";
import type { Act } from "../sync/acts";
import { dismissToast, showToast } from "../ui/toasts";

let last: { act: Act; toastId: number } | null = null;

export type Done = { one: string; many: string };

/** Performs, says so, and offers the way back. `many` has `{n}` in it. */
export function performWithUndo(act: Act, done: Done): void {
  const toastId = showToast({
    message: plural(act.threadIds.length, done.one, done.many),
    action: { label: t("Undo"), run: () => takeBackOnce(act) },
  });
  last = { act, toastId };
  perform(act, () => {
    if (last?.act === act) last = null;
    dismissToast(toastId);
  });
}

function takeBackOnce(act: Act): void {
  if (last?.act === act) last = null;
  takeBack(act);
}

export function undoLast(): void {
  if (!last) {
    showToast({ message: t("Nothing to undo") });
    return;
  }
  dismissToast(last.toastId);
  takeBackOnce(last.act);
}
