/** Commands on threads: each one act, shown at once, with its way back. */
import { Archive, Ban, FolderInput, Inbox, Mail, MailOpen, RotateCcw, Star, StarOff, Tag, Trash2 } from "lucide-react";
import type { Account, Mailbox, MailboxRole, ThreadRow } from "../api/types";
import { t } from "../lib/i18n";
import { mailboxName, mailboxOfRole } from "../lib/place";
import { perform } from "../sync/act-queue";
import { destroyThreads, markFlagged, markSeen, moveAway, moveThreads } from "../sync/acts";
import { dismissToast, showToast } from "../ui/toasts";
import type { Command } from "./command";
import { goOn } from "./going-on";
import type { Here } from "./here";
import type { Done } from "./undo";
import { performWithUndo, undoLast } from "./undo";
import { openSheet } from "./view";

const has = (here: Here) => here.targets.length > 0;
const idsOf = (rows: ThreadRow[]) => rows.map((row) => row.id);

function staysInList(here: Here, removed: string | null): boolean {
  if (here.scope?.mailbox) return removed !== null && here.scope.mailbox !== removed;
  return true;
}

/** The mailbox a thread is archived out of: the inbox, wherever it is seen; else the open label. */
function archivedFrom(here: Here, row: ThreadRow): string | null {
  const inbox = mailboxOfRole("inbox", here.mailboxes);
  if (inbox && row.mailbox_ids.includes(inbox.id)) return inbox.id;
  const isLabel = here.mailbox?.role === null;
  return here.mailbox && isLabel && row.mailbox_ids.includes(here.mailbox.id) ? here.mailbox.id : null;
}

export function archive(here: Here, direction: "next" | "previous" = "next"): void {
  const to = mailboxOfRole("archive", here.mailboxes);
  if (!to) return;
  const from = here.targets.map((row) => archivedFrom(here, row)).find((id) => id !== null) ?? null;
  const rows = here.targets.filter((row) => from !== null && archivedFrom(here, row) === from);
  if (!from || from === to.id || rows.length === 0) return;
  if (!staysInList(here, from)) goOn(here, rows, direction);
  performWithUndo(moveThreads(rows, { from, to: to.id }), { one: t("Archived"), many: t("{n} threads archived") });
}

function moveToRole(here: Here, role: MailboxRole, done: Done): void {
  const to = mailboxOfRole(role, here.mailboxes);
  if (!to || here.mailbox?.id === to.id) return;
  const rows = here.targets;
  if (here.scope?.mailbox) goOn(here, rows);
  performWithUndo(moveThreads(rows, { from: null, to: to.id }), done);
}

/** Moves out of the open mailbox where there is one, so that labels stay. */
export function moveTo(here: Here, mailboxId: string): void {
  const to = here.mailboxes.find((mailbox) => mailbox.id === mailboxId);
  const from = here.mailbox?.id ?? null;
  if (!to || from === mailboxId) return;
  const rows = here.targets;
  if (here.scope?.mailbox) goOn(here, rows);
  const name = mailboxName(to);
  performWithUndo(moveThreads(rows, { from, to: mailboxId }), {
    one: t("Moved to {name}", { name }),
    many: `{n} ${t("threads moved to {name}", { name })}`,
  });
}

/** Into another account, out of the open mailbox where there is one. They get new ids there, so this is not undone. */
export function moveAcross(here: Here, to: Mailbox, account: Account): void {
  const rows = here.targets;
  const who = account.email;
  const question =
    rows.length === 1
      ? t("Move this thread to {who}?", { who })
      : t("Move {n} threads to {who}?", { n: rows.length, who });
  if (rows.length === 0 || !window.confirm(question)) return;
  if (here.scope?.mailbox) goOn(here, rows);
  const toastId = showToast({ message: t("Moved to {name} of {who}", { name: mailboxName(to), who }) });
  perform(moveAway(rows, { from: here.mailbox?.id ?? null, to: to.id }), () => dismissToast(toastId));
}

function destroy(here: Here): void {
  const rows = here.targets;
  const question =
    rows.length === 1 ? t("Delete this thread for good?") : t("Delete {n} threads for good?", { n: rows.length });
  if (!window.confirm(question)) return;
  goOn(here, rows);
  perform(destroyThreads(rows, here.mailbox?.id ?? null));
}

const isIn = (here: Here, role: MailboxRole) => here.mailbox?.role === role;

export const threadCommands: Command[] = [
  {
    id: "archive",
    title: t("Archive"),
    group: "threads",
    keys: ["e"],
    icon: Archive,
    when: (here) => has(here) && here.targets.some((row) => archivedFrom(here, row) !== null) && !isIn(here, "archive"),
    run: (here) => archive(here),
  },
  {
    id: "archive-next",
    title: t("Archive and open the next"),
    group: "threads",
    keys: ["]"],
    when: has,
    run: (here) => archive(here, "next"),
  },
  {
    id: "archive-previous",
    title: t("Archive and open the previous"),
    group: "threads",
    keys: ["["],
    when: has,
    run: (here) => archive(here, "previous"),
  },
  {
    id: "inbox",
    title: t("Move to inbox"),
    group: "threads",
    keys: [],
    icon: Inbox,
    when: (here) =>
      has(here) &&
      !here.targets.some((row) => row.mailbox_ids.includes(mailboxOfRole("inbox", here.mailboxes)?.id ?? "")),
    run: (here) => moveToRole(here, "inbox", { one: t("Moved to Inbox"), many: t("{n} threads moved to Inbox") }),
  },
  {
    id: "trash",
    title: t("Move to trash"),
    group: "threads",
    keys: ["#", "delete"],
    icon: Trash2,
    when: (here) => has(here) && !isIn(here, "trash"),
    run: (here) => moveToRole(here, "trash", { one: t("Moved to Trash"), many: t("{n} threads moved to Trash") }),
  },
  {
    id: "destroy",
    title: t("Delete for good"),
    group: "threads",
    keys: ["#", "delete"],
    icon: Trash2,
    when: (here) => has(here) && isIn(here, "trash"),
    run: destroy,
  },
  {
    id: "junk",
    title: t("Report as junk"),
    group: "threads",
    keys: ["!"],
    icon: Ban,
    when: (here) => has(here) && !isIn(here, "junk"),
    run: (here) => moveToRole(here, "junk", { one: t("Moved to Junk"), many: t("{n} threads moved to Junk") }),
  },
  {
    id: "not-junk",
    title: t("Not junk"),
    group: "threads",
    keys: ["!"],
    icon: RotateCcw,
    when: (here) => has(here) && isIn(here, "junk"),
    run: (here) => moveToRole(here, "inbox", { one: t("Moved to Inbox"), many: t("{n} threads moved to Inbox") }),
  },
  {
    id: "star",
    title: t("Star"),
    group: "threads",
    keys: ["s"],
    icon: Star,
    when: (here) => has(here) && !here.targets.every((row) => row.is_flagged),
    run: (here) =>
      perform(
        markFlagged(
          here.targets.filter((row) => !row.is_flagged),
          true,
        ),
      ),
  },
  {
    id: "unstar",
    title: t("Remove star"),
    group: "threads",
    keys: ["s"],
    icon: StarOff,
    when: (here) => has(here) && here.targets.every((row) => row.is_flagged),
    run: (here) => perform(markFlagged(here.targets, false)),
  },
  {
    id: "read",
    title: t("Mark as read"),
    group: "threads",
    keys: ["shift+i"],
    icon: MailOpen,
    when: (here) => here.targets.some((row) => row.unread_count > 0),
    run: (here) =>
      perform(
        markSeen(
          here.targets.filter((row) => row.unread_count > 0),
          true,
        ),
      ),
  },
  {
    id: "unread",
    title: t("Mark as unread"),
    group: "threads",
    keys: ["shift+u"],
    icon: Mail,
    when: (here) => here.targets.some((row) => row.unread_count === 0),
    run: (here) => {
      const { box, threadId, search } = here.place;
      if (box && threadId) here.navigate({ box, threadId: null, search });
      perform(
        markSeen(
          here.targets.filter((row) => row.unread_count === 0),
          false,
        ),
      );
    },
  },
  {
    id: "move",
    title: t("Move to …"),
    group: "threads",
    keys: ["v"],
    icon: FolderInput,
    when: has,
    run: (here) => openSheet("move", idsOf(here.targets)),
  },
  {
    id: "label",
    title: t("Label …"),
    group: "threads",
    keys: ["l"],
    icon: Tag,
    when: has,
    run: (here) => openSheet("label", idsOf(here.targets)),
  },
  { id: "undo", title: t("Undo"), group: "threads", keys: ["z", "mod+z"], icon: RotateCcw, run: undoLast },
];
