/**
 * Mails on their way out. Each is written down on this device before the first try, so that a
 * crash or a lost network between "Send" and the server's answer loses none; the same
 * Idempotency-Key on each try lets the server send it once.
 */
import { create } from "zustand";
import type { Sent } from "../../api/types";
import { forget, keep, kept, type OutboxItem } from "./local";
import { withStoredParts } from "./parts";
import { fetchBlob, isGone, isOffline, replaceDraft, sendDraft, sendNow, uploadBlob } from "./ports";
import { sentAttachments, toDraftContent } from "./session";

const waiting = create<{ count: number }>()(() => ({ count: 0 }));
const underway = new Set<string>();

/** How many mails wait for the network, for the sign of the state. */
export function useOutboxCount(): number {
  return waiting((state) => state.count);
}

export async function recount(userId: string): Promise<void> {
  waiting.setState({ count: (await kept("outbox", userId)).filter((item) => !underway.has(item.key)).length });
}

/**
 * One try. The item stays written down while the network is missing (the failure is thrown on)
 * and is forgotten once the server answered, whatever it said.
 */
export async function deliver(item: OutboxItem, holdSeconds: number): Promise<Sent> {
  underway.add(item.key);
  try {
    await keep("outbox", item);
    const sent = await alone(item.key, () => post(item, holdSeconds));
    await forget("outbox", item.key);
    return sent;
  } catch (failure) {
    if (!isOffline(failure)) await forget("outbox", item.key);
    throw failure;
  } finally {
    underway.delete(item.key);
    await recount(item.userId);
  }
}

/** Another tab that finds the item in the outbox must not send it beside this one. */
function alone<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  return navigator.locks ? (navigator.locks.request(lockOf(key), work) as Promise<Result>) : work();
}

async function isSentElsewhere(key: string): Promise<boolean> {
  const { held } = (await navigator.locks?.query()) ?? {};
  return (held ?? []).some((lock) => lock.name === lockOf(key));
}

const lockOf = (key: string) => `posthouse-outbox-${key}`;

/** A draft is brought up to date once, its new id written down, and then sent by that id. */
async function post(item: OutboxItem, holdSeconds: number): Promise<Sent> {
  const options = { holdSeconds, idempotencyKey: item.idempotencyKey };
  await uploadMissing(item);
  const content = toDraftContent(item.content);
  if (item.draftId && !item.isCurrent) {
    try {
      const answer = await replaceDraft(item.draftId, content);
      const sentKeys = sentAttachments(item.content).map((one) => one.key);
      item.content = { ...item.content, attachments: withStoredParts(item.content.attachments, sentKeys, answer) };
      item.draftId = answer.id;
    } catch (failure) {
      if (!isGone(failure)) throw failure;
      item.draftId = null;
    }
    item.isCurrent = true;
    await keep("outbox", item);
  }
  return item.draftId ? sendDraft(item.draftId, options) : sendNow(content, options);
}

async function uploadMissing(item: OutboxItem): Promise<void> {
  for (const one of item.content.attachments) {
    if (one.blobId) continue;
    const signal = new AbortController().signal;
    const file = one.file ?? (one.url ? await fetchBlob(one.url, signal) : null);
    if (!file) throw new Error(`${one.filename} is no longer there. Attach it again.`);
    one.blobId = (await uploadBlob(file, one.filename, { signal, report: () => undefined })).blob_id;
  }
}

/** Takes a waiting mail back. False when it is not waiting any more. */
export async function withdraw(item: OutboxItem): Promise<boolean> {
  if (underway.has(item.key)) return false;
  const isWaiting = (await kept("outbox", item.userId)).some((other) => other.key === item.key);
  await forget("outbox", item.key);
  await recount(item.userId);
  return isWaiting;
}

/** Sends all that waits, oldest first, and stops when the network is missing again. */
export async function sendWaiting(
  userId: string,
  told: { sent: (item: OutboxItem) => void; refused: (item: OutboxItem, failure: unknown) => void },
): Promise<void> {
  for (const { key } of await kept("outbox", userId)) {
    if (underway.has(key) || (await isSentElsewhere(key))) continue;
    const item = (await kept("outbox", userId)).find((one) => one.key === key);
    if (!item) continue;
    try {
      await deliver(item, 0);
      told.sent(item);
    } catch (failure) {
      if (isOffline(failure)) return;
      told.refused(item, failure);
    }
  }
}
