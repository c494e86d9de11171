/** One's own place in a conversation: shown at once, sent, taken back when it is undone or refused. */
import type { QueryClient } from "@tanstack/react-query";
import type { Conversation, Counter, OwnChange, OwnPlace } from "../../api/chat";
import { chatKeys } from "../../api/chat";
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { t } from "../../lib/i18n";
import { writeConversation, writePlace } from "../../sync/chat-cache";
import { showToast } from "../../ui/toasts";
import { nameOf } from "./listing";
import { holdUnread, letRead } from "./reading";

const AN_HOUR = 3_600_000;
const FOR_EVER = "2999-01-01T00:00:00Z";

export type Mute = "off" | "hour" | "day" | "ever";

export function mutedUntil(value: Mute, now = Date.now()): string | null {
  if (value === "off") return null;
  if (value === "ever") return FOR_EVER;
  return new Date(now + (value === "hour" ? AN_HOUR : 24 * AN_HOUR)).toISOString();
}

export const isForEver = (until: string | null | undefined) => until?.startsWith("2999") ?? false;

const tell = (error: unknown) => showToast({ kind: "problem", message: messageOf(error) });

/** True when the server took it. */
export async function changePlace(client: QueryClient, { id, me }: Conversation, changes: OwnChange): Promise<boolean> {
  if (!me) return false;
  const { is_hidden: isHidden, ...rest } = changes;
  writeConversation(client, id, (one) => {
    if (!one.me) return one;
    const hidden = isHidden === undefined ? {} : { hidden_number: isHidden ? one.last_number : 0 };
    return { ...one, me: { ...one.me, ...(rest as Partial<OwnPlace>), ...hidden } };
  });
  try {
    writePlace(client, await chat.me(id, changes));
    return true;
  } catch (error) {
    writeConversation(client, id, (one) => ({ ...one, me }));
    tell(error);
    return false;
  }
}

async function withUndo(client: QueryClient, one: Conversation, changes: OwnChange, done: string): Promise<void> {
  const { me } = one;
  if (!me || !(await changePlace(client, one, changes))) return;
  const before: OwnChange = {
    ...("folder" in changes ? { folder: me.folder } : {}),
    ...("is_favourite" in changes ? { is_favourite: me.is_favourite } : {}),
    ...("muted_until" in changes ? { muted_until: me.muted_until } : {}),
    ...("is_hidden" in changes ? { is_hidden: false } : {}),
  };
  showToast({ message: done, action: { label: t("Undo"), run: () => void changePlace(client, one, before) } });
}

export const favour = (client: QueryClient, one: Conversation) =>
  changePlace(client, one, { is_favourite: !one.me?.is_favourite });

export function mute(client: QueryClient, one: Conversation, value: Mute): Promise<void> {
  const name = nameOf(one);
  const done = value === "off" ? t("{name} is heard again", { name }) : t("{name} is muted", { name });
  return withUndo(client, one, { muted_until: mutedUntil(value) }, done);
}

export const hide = (client: QueryClient, one: Conversation) =>
  withUndo(client, one, { is_hidden: true }, t("Out of the list until something new comes"));

/** Into a folder of this name, or (empty) among the others. */
export function moveTo(client: QueryClient, one: Conversation, folder: string): Promise<void> {
  const done = folder ? t("Moved to {folder}", { folder }) : t("In no folder any more");
  return withUndo(client, one, { folder, is_favourite: false }, done);
}

/** Under another name, or (empty) taken away: what lay in it is among the others then. */
export async function renameFolder(client: QueryClient, folder: string, name: string): Promise<void> {
  await chat.renameFolder(folder, name);
  client.setQueryData<Conversation[]>(chatKeys.conversations, (all) =>
    all?.map((one) => (one.me?.folder === folder ? { ...one, me: { ...one.me, folder: name } } : one)),
  );
}

export async function dropFolder(client: QueryClient, folder: string, inside: readonly Conversation[]): Promise<void> {
  try {
    await renameFolder(client, folder, "");
  } catch (error) {
    tell(error);
    return;
  }
  const back = async () => {
    for (const one of inside) await changePlace(client, one, { folder });
  };
  showToast({ message: t("{folder} is no more", { folder }), action: { label: t("Undo"), run: () => void back() } });
}

export async function readAll(client: QueryClient, { id, last_number: number }: Conversation): Promise<void> {
  letRead(id);
  client.setQueryData<Counter[]>(chatKeys.counters, (all) => all?.filter((one) => one.conversation_id !== id));
  writeConversation(client, id, (one) => (one.me ? { ...one, me: { ...one.me, is_marked_unread: false } } : one));
  try {
    writePlace(client, await chat.read(id, { number, is_reopened: true }));
  } catch (error) {
    tell(error);
  }
  void client.invalidateQueries({ queryKey: chatKeys.counters });
}

/** From the newest message on, so that it is found again. */
export async function keepUnread(client: QueryClient, { id, last, last_number }: Conversation): Promise<void> {
  holdUnread(id);
  try {
    writePlace(client, await chat.unread(id, { number: Math.max(last?.number ?? last_number, 1) }));
  } catch (error) {
    tell(error);
  }
  void client.invalidateQueries({ queryKey: chatKeys.counters });
}
