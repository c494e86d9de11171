import { Forward, MessageSquareReply, PenLine, Reply, ReplyAll, StickyNote } from "lucide-react";
import { messageOf } from "../api/error";
import { threadQuery } from "../api/queries";
import type { Email, ThreadRow } from "../api/types";
import { wantAnswer, wantNote } from "../features/notes/noting";
import { t } from "../lib/i18n";
import { showToast } from "../ui/toasts";
import { wantThreadFocus } from "./attention";
import type { Command } from "./command";
import { compose } from "./compose";
import type { Here } from "./here";

type AnswerMode = "reply" | "replyAll" | "forward";

/** Answers the newest e-mail of the open (or pointed at) thread that is not a draft. */
async function answer(here: Here, mode: AnswerMode): Promise<void> {
  const row = here.targets[0];
  if (!row) return;
  try {
    const thread = await here.client.ensureQueryData(threadQuery(row.id));
    const email = newestSent(thread.emails);
    const isOpen = here.place.threadId === row.id;
    if (email) compose({ mode, email, placement: isOpen ? "inline" : "dock" });
  } catch (error) {
    showToast({ kind: "problem", message: messageOf(error) });
  }
}

export function newestSent(emails: readonly Email[]): Email | null {
  return emails.findLast((email) => !email.is_draft) ?? null;
}

/** A mail that was only begun opens where it is written, not where it is read. */
export function openRow(here: Here, row: ThreadRow): void {
  const { box, search } = here.place;
  if (row.has_draft && row.email_count === 1) void continueDraft(here, row.id);
  else if (box) {
    wantThreadFocus();
    here.navigate({ box, threadId: row.id, search });
  }
}

async function continueDraft(here: Here, threadId: string): Promise<void> {
  try {
    const thread = await here.client.fetchQuery(threadQuery(threadId));
    const draft = thread.emails.find((email) => email.is_draft);
    if (draft) compose({ mode: "new", draft });
  } catch (error) {
    showToast({ kind: "problem", message: messageOf(error) });
  }
}

const isOne = (here: Here) => here.targets.length === 1;
const isReading = (here: Here) => Boolean(here.place.readId);

export const writingCommands: Command[] = [
  { id: "compose", title: t("Write"), group: "write", keys: ["c"], icon: PenLine, run: () => compose({ mode: "new" }) },
  {
    id: "reply",
    title: t("Reply"),
    group: "write",
    keys: ["r"],
    icon: Reply,
    when: isOne,
    run: (here) => void answer(here, "reply"),
  },
  {
    id: "reply-all",
    title: t("Reply to all"),
    group: "write",
    keys: ["a"],
    icon: ReplyAll,
    when: isOne,
    run: (here) => void answer(here, "replyAll"),
  },
  {
    id: "forward",
    title: t("Forward"),
    group: "write",
    keys: ["f"],
    icon: Forward,
    when: isOne,
    run: (here) => void answer(here, "forward"),
  },
  {
    id: "note",
    title: t("Write a note"),
    group: "write",
    keys: ["n"],
    icon: StickyNote,
    when: (here) => isReading(here),
    run: (here) => wantNote(here.place.readId ?? null),
  },
  {
    id: "answer-note",
    title: t("Answer a note"),
    group: "write",
    keys: ["shift+n"],
    icon: MessageSquareReply,
    when: (here) => isReading(here),
    run: (here) => here.place.readId && wantAnswer(here.place.readId),
  },
];
