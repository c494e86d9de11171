/** What is being written, on the server too: so that it is there on every device. */
import type { QueryClient } from "@tanstack/react-query";
import type { Draft } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { textToSend, textToShow } from "../../lib/chat-text";
import type { Place } from "./sendingActs";
import { isEmpty, write, writingOf } from "./writing";

const SAVE_AFTER_MS = 900;
const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** What the server has of each place, as it was sent. */
const saved = new Map<string, string>();

/** A thread that is not begun has no place on the server. */
const isKept = ({ threadId, rootId }: Place) => threadId !== null || rootId === null;

export function saveDraftSoon(where: Place): void {
  if (!isKept(where)) return;
  clearTimeout(timers.get(where.place));
  timers.set(
    where.place,
    setTimeout(() => void save(where), SAVE_AFTER_MS),
  );
}

async function save({ conversationId, threadId, place }: Place): Promise<void> {
  timers.delete(place);
  const writing = writingOf(place);
  if (writing.editing) return;
  const file_ids = writing.uploads.flatMap((one) => (one.stored ? [one.stored.id] : []));
  const content = isEmpty(writing)
    ? null
    : { text: textToSend(writing.text, writing.namings), reply_to: writing.replyTo?.id ?? null, file_ids };
  const name = JSON.stringify(content);
  if ((saved.get(place) ?? "null") === name) return;
  saved.set(place, name);
  await chat.saveDraft(conversationId, threadId, content).catch(() => saved.delete(place));
}

/** After sending: the server's goes too. */
export function dropDraft(client: QueryClient, where: Place): void {
  clearTimeout(timers.get(where.place));
  client.setQueryData<Draft[]>(chatKeys.drafts, (all) => all?.filter((one) => !isOf(one, where)));
  if (saved.get(where.place) !== undefined || isKept(where)) void save(where);
}

const isOf = (draft: Draft, { conversationId, threadId }: Place) =>
  draft.conversation_id === conversationId && draft.thread_id === threadId;

/** What another device left, where nothing is written here. Its files stay with it. */
export function takeUpDraft(drafts: readonly Draft[], where: Place): void {
  const draft = drafts.find((one) => isOf(one, where));
  const writing = writingOf(where.place);
  const text = draft?.content?.text;
  if (typeof text !== "string" || timers.has(where.place) || writing.editing) return;
  const mine = textToSend(writing.text, writing.namings);
  if (mine === text || (!isEmpty(writing) && saved.get(where.place) === undefined)) return;
  const { shown, namings } = textToShow(text);
  saved.set(where.place, JSON.stringify(draft?.content));
  write(where.place, { text: shown, namings });
}
