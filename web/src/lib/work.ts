/** The lists of threads by whose they are. */
import type { WorkView } from "../api/notes";
import { t } from "./i18n";

export const VIEWS: { view: WorkView; name: string }[] = [
  { view: "mine", name: t("Mine") },
  { view: "unassigned", name: t("Unassigned") },
  { view: "open", name: t("Open") },
  { view: "done", name: t("Done") },
];

/** Of an address; what is no view is one's own. */
export function viewOf(name: string): WorkView {
  return VIEWS.find((one) => one.view === name)?.view ?? "mine";
}

const EMPTY: { [view in WorkView]: string } = {
  mine: t("Threads that are given to you stand here, from every mailbox you share."),
  unassigned: t("Everything in this inbox has somebody."),
  open: t("Everything in this inbox is done."),
  done: t("What is marked as done stands here."),
};

export const emptyWords = (view: WorkView): string => EMPTY[view];
