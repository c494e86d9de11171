import {
  Archive,
  ArrowLeft,
  CheckCheck,
  FileText,
  Inbox,
  Keyboard,
  LogOut,
  Plus,
  Search,
  Send,
  Settings,
  SquareCheck,
  Star,
  Trash2,
} from "lucide-react";
import { isMessage, isThread } from "../lib/entries";
import { t } from "../lib/i18n";
import { SEARCH, STARRED } from "../lib/place";
import { focusList } from "./attention";
import type { Command } from "./command";
import type { Here } from "./here";
import { clearSelection, focusRow, openSheet, selectAll, toggleSelected, useView } from "./view";
import { openRow } from "./writing";

export const SEARCH_FIELD_ID = "search-field";

/** Moves the cursor; while a thread is open, opens the row it comes to. */
function step(here: Here, by: 1 | -1): void {
  const isOnMessage = here.entries.some((entry) => isMessage(entry) && entry.id === here.focusedId);
  const from = isOnMessage ? here.focusedId : (here.place.threadId ?? here.focusedId);
  const at = here.entries.findIndex((entry) => entry.id === from);
  const to = at < 0 ? (by > 0 ? 0 : here.entries.length - 1) : at + by;
  const entry = here.entries[to];
  if (!entry) return;
  focusRow(entry.id);
  const { box, threadId, search } = here.place;
  if (threadId && box && isThread(entry)) here.navigate({ box, threadId: entry.id, search, isReplacing: true });
}

function openFocused(here: Here): void {
  const entry = here.entries.find((one) => one.id === here.focusedId);
  if (!entry) return;
  if (isThread(entry)) openRow(here, entry);
  else here.openConversations?.(entry.conversation.id, entry.message.number, entry.message.thread_id);
}

function back(here: Here): void {
  const { box, threadId, search } = here.place;
  if (useView.getState().selected.size > 0) clearSelection();
  else if (threadId && box) {
    here.navigate({ box, threadId: null, search });
    focusList();
  } else if (box === SEARCH) here.navigate({ box: "inbox" });
}

export function focusSearch(here: Here): void {
  const field = document.getElementById(SEARCH_FIELD_ID);
  if (!field) {
    here.navigate({ box: SEARCH });
    requestAnimationFrame(() => document.getElementById(SEARCH_FIELD_ID)?.focus());
    return;
  }
  field.focus();
  if (field instanceof HTMLInputElement) field.select();
}

const canSelect = (here: Here) => here.focusedId !== null || here.place.threadId !== null;

function toggleHere(here: Here): void {
  const id = here.focusedId ?? here.place.threadId;
  const isOfMail = !here.entries.some((entry) => isMessage(entry) && entry.id === id);
  if (id && isOfMail) toggleSelected(id);
}

const go = (box: string) => (here: Here) => {
  clearSelection();
  here.navigate({ box });
};

export const movingCommands: Command[] = [
  { id: "next", title: t("Next thread"), group: "move", keys: ["j"], run: (here) => step(here, 1) },
  { id: "previous", title: t("Previous thread"), group: "move", keys: ["k"], run: (here) => step(here, -1) },
  {
    id: "open",
    title: t("Open thread"),
    group: "move",
    keys: ["o", "enter"],
    when: (here) => here.focusedId !== null,
    run: openFocused,
  },
  { id: "back", title: t("Back to the list"), group: "move", keys: ["u", "escape"], icon: ArrowLeft, run: back },
  { id: "go-inbox", title: t("Go to Inbox"), group: "move", keys: ["g i"], icon: Inbox, run: go("inbox") },
  { id: "go-starred", title: t("Go to Starred"), group: "move", keys: ["g s"], icon: Star, run: go(STARRED) },
  { id: "go-sent", title: t("Go to Sent"), group: "move", keys: ["g t"], icon: Send, run: go("sent") },
  { id: "go-drafts", title: t("Go to Drafts"), group: "move", keys: ["g d"], icon: FileText, run: go("drafts") },
  { id: "go-archive", title: t("Go to Archive"), group: "move", keys: ["g a"], icon: Archive, run: go("archive") },
  { id: "go-trash", title: t("Go to Trash"), group: "move", keys: [], icon: Trash2, run: go("trash") },
  {
    id: "search",
    title: t("Search mail and conversations"),
    group: "move",
    keys: ["/"],
    icon: Search,
    run: focusSearch,
  },
  {
    id: "select",
    title: t("Select thread"),
    group: "select",
    keys: ["x"],
    icon: SquareCheck,
    when: canSelect,
    run: toggleHere,
  },
  {
    id: "select-all",
    title: t("Select all loaded threads"),
    group: "select",
    keys: ["* a"],
    icon: CheckCheck,
    when: (here) => here.rows.length > 0,
    run: (here) => selectAll(here.rows.map((row) => row.id)),
  },
  {
    id: "select-unread",
    title: t("Select unread threads"),
    group: "select",
    keys: ["* u"],
    when: (here) => here.rows.length > 0,
    run: (here) => selectAll(here.rows.filter((row) => row.unread_count > 0).map((row) => row.id)),
  },
  { id: "select-none", title: t("Clear selection"), group: "select", keys: ["* n"], run: clearSelection },
  { id: "palette", title: t("Find a command"), group: "app", keys: ["mod+k", "."], run: () => openSheet("palette") },
  {
    id: "keys",
    title: t("Keyboard shortcuts"),
    group: "app",
    keys: ["?"],
    icon: Keyboard,
    run: () => openSheet("keys"),
  },
  { id: "new-label", title: t("New label"), group: "app", keys: [], icon: Plus, run: () => openSheet("new-label") },
  {
    id: "settings",
    title: t("Settings"),
    group: "app",
    keys: ["g ,"],
    icon: Settings,
    run: (here) => here.openSettings(),
  },
  { id: "log-out", title: t("Log out"), group: "app", keys: [], icon: LogOut, run: (here) => here.signOut() },
];
