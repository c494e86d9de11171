/** What one does to a message: shown at once, put back when the server will not have it. */
import type { QueryClient } from "@tanstack/react-query";
import type { Message } from "../../api/chat";
import { messageActs } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { longDate } from "../../lib/dates";
import { t } from "../../lib/i18n";
import { starsKey, writeMessage, writeTimelines } from "../../sync/chat-cache";
import { showToast } from "../../ui/toasts";

const UNDO_MS = 6_000;

function show(client: QueryClient, message: Message, changes: Partial<Message>): void {
  writeTimelines(client, message.conversation_id, (held) => {
    const at = held.messages.findIndex((one) => one.id === message.id);
    const known = held.messages[at];
    return known ? { ...held, messages: held.messages.with(at, { ...known, ...changes }) } : held;
  });
}

async function attempt(
  client: QueryClient,
  message: Message,
  changes: Partial<Message>,
  request: () => Promise<Message | undefined>,
): Promise<boolean> {
  show(client, message, changes);
  try {
    const answer = await request();
    if (answer) writeMessage(client, answer);
    return true;
  } catch (error) {
    const before = Object.fromEntries(Object.keys(changes).map((name) => [name, message[name as keyof Message]]));
    show(client, message, before);
    showToast({ kind: "problem", message: t("That did not work: {why}", { why: messageOf(error) }) });
    return false;
  }
}

export function react(client: QueryClient, message: Message, emoji: string, meId: string): void {
  const people = message.reactions[emoji] ?? [];
  const isOn = !people.includes(meId);
  const left = isOn ? [...people, meId] : people.filter((one) => one !== meId);
  const { [emoji]: _, ...others } = message.reactions;
  const reactions = left.length > 0 ? { ...message.reactions, [emoji]: left } : others;
  void attempt(client, message, { reactions }, () => messageActs.react(message.id, emoji, isOn));
}

export function pin(client: QueryClient, message: Message): void {
  const isOn = message.pinned_at === null;
  const pinned_at = isOn ? new Date().toISOString() : null;
  void attempt(client, message, { pinned_at }, () => messageActs.pin(message.id, isOn));
}

export function acknowledge(client: QueryClient, message: Message, isOn: boolean): Promise<boolean> {
  const ack_count = message.ack_count + (isOn ? 1 : -1);
  return attempt(client, message, { ack_count }, () => messageActs.acknowledge(message.id, isOn));
}

export function edit(client: QueryClient, message: Message, text: string): Promise<boolean> {
  return attempt(client, message, {}, () => messageActs.edit(message.id, text));
}

export function removePreview(client: QueryClient, message: Message, previewId: string): Promise<boolean> {
  const previews = message.previews.filter((one) => one.id !== previewId);
  return attempt(client, message, { previews }, async () => {
    await messageActs.removePreview(message.id, previewId);
    return undefined;
  });
}

export async function star(client: QueryClient, message: Message, isOn: boolean): Promise<void> {
  const write = (is: boolean) =>
    client.setQueryData<{ [id: string]: boolean }>(starsKey, (all) => ({ ...all, [message.id]: is }));
  write(isOn);
  try {
    await messageActs.star(message.id, isOn);
  } catch (error) {
    write(!isOn);
    showToast({ kind: "problem", message: messageOf(error) });
  }
}

type Going = { run: () => void; timer: ReturnType<typeof setTimeout> };
const going = new Map<string, Going>();
window.addEventListener("pagehide", () => {
  for (const { run } of going.values()) run();
});

/** Gone from the screen at once, from the server when it can no longer be taken back. */
export function remove(client: QueryClient, message: Message, whose: "everybody" | "me"): void {
  show(client, message, { deleted_at: new Date().toISOString() });
  const run = () => {
    const known = going.get(message.id);
    if (!known) return;
    clearTimeout(known.timer);
    going.delete(message.id);
    void attempt(client, message, {}, async () => {
      await messageActs.remove(message.id, whose);
      return undefined;
    }).then((isDone) => !isDone && show(client, message, { deleted_at: null }));
  };
  going.set(message.id, { run, timer: setTimeout(run, UNDO_MS) });
  showToast({
    message: t("Message deleted"),
    durationMs: UNDO_MS,
    action: {
      label: t("Undo"),
      run: () => {
        const known = going.get(message.id);
        if (known) clearTimeout(known.timer);
        if (going.delete(message.id)) show(client, message, { deleted_at: null });
      },
    },
  });
}

export async function remind(messageId: string, at: Date): Promise<void> {
  try {
    await messageActs.remind(messageId, at.toISOString());
    showToast({ message: t("You will be reminded {when}", { when: longDate(at.toISOString()) }) });
  } catch (error) {
    showToast({ kind: "problem", message: messageOf(error) });
  }
}

export function linkOf(message: Message): string {
  const search = message.thread_id ? `?thread=${message.thread_id}&at=${message.number}` : `?at=${message.number}`;
  return `${window.location.origin}/conversations/${message.conversation_id}${search}`;
}

export const copyLink = (message: Message): Promise<void> => copyText(linkOf(message));

/** Where the browser keeps the clipboard shut, the address stands there to be taken by hand. */
export async function copyText(address: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(address);
    showToast({ message: t("Link copied") });
  } catch {
    showToast({ kind: "problem", message: address, durationMs: 20_000 });
  }
}
