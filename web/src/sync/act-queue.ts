/**
 * Sends acts one after another, in the order they were done. What cannot be sent waits (on disk
 * too) and goes when the server is back; what the server refuses is put back, with its reason.
 *
 * An act stays laid over the server's word until the stream has passed the state in which the
 * server took it: a delta that was already on its way must not flash the old rows back.
 */
import type { QueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { ApiError, messageOf } from "../api/error";
import type { BulkAnswer, Thread } from "../api/types";
import { t } from "../lib/i18n";
import { readStored, writeStored } from "../lib/storage";
import { showToast } from "../ui/toasts";
import type { Act } from "./acts";
import { hideAct, rowsById, showAct } from "./cache";
import { inverseOf } from "./inverse";
import { isAtLeast } from "./state";
import { setConnection, useSyncStatus } from "./status";

const STORED = "acts";
const RETRY_MS = 5_000;
const MOST_THREADS_LOOKED_UP = 30;
const TRY_AGAIN = new Set([0, 429, 502, 503, 504]);

type Settled = { act: Act; state: string };

let client: QueryClient | null = null;
let waiting: Act[] = [];
let settled: Settled[] = [];
let isSending = false;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Everything the person did that the stream has not yet told back. */
export function openActs(): Act[] {
  return [...settled.map((one) => one.act), ...waiting];
}

export async function startActs(queryClient: QueryClient): Promise<void> {
  client = queryClient;
  waiting = (await readStored<Act[]>(STORED)) ?? [];
  for (const act of waiting) showAct(queryClient, act, openActs());
  note();
  void sendWaiting();
}

export function stopActs(): void {
  clearTimeout(retry);
  client = null;
  waiting = [];
  settled = [];
  note();
}

/** The stream has reached this state: what was settled by then needs no overlay any more. */
export function settleActs(state: string): void {
  settled = settled.filter((one) => !isAtLeast(state, one.state));
}

/** `onRefused` runs when the server would not have it, so that what was offered with it can go. */
export function perform(act: Act, onRefused?: () => void): void {
  if (!client || act.threadIds.length === 0) return;
  if (onRefused) whenRefused.set(act.id, onRefused);
  waiting.push(act);
  showAct(client, act, openActs());
  note();
  void sendWaiting();
}

/** Takes an act back: out of the queue if it has not left, else by its inverse. */
export function takeBack(act: Act): void {
  if (!client) return;
  const place = waiting.indexOf(act);
  if (place > 0 || (place === 0 && !isSending)) {
    waiting.splice(place, 1);
    hideAct(client, act, openActs());
    note();
    return;
  }
  if (place === 0) {
    undoAfterwards.add(act.id);
    return;
  }
  performInverse(act);
}

const undoAfterwards = new Set<string>();
const whenRefused = new Map<string, () => void>();

function performInverse(act: Act): void {
  if (!client) return;
  settled = settled.filter((one) => one.act !== act);
  const inverse = inverseOf(act, rowsById(client, act.threadIds));
  if (!inverse) return;
  inverse.before = inverse.before.length > 0 ? inverse.before : act.before;
  perform({ ...inverse, before: withPlaces(inverse, act) });
}

/** A thread that left every list is known only as it was; the act says where it went. */
function withPlaces(inverse: Act, act: Act): Act["before"] {
  const known = new Set(inverse.before.map((row) => row.id));
  return [...inverse.before, ...act.before.filter((row) => !known.has(row.id))];
}

export async function sendWaiting(): Promise<void> {
  if (isSending || !client) return;
  isSending = true;
  clearTimeout(retry);
  try {
    for (let act = waiting[0]; act && client; act = waiting[0]) {
      if (!(await sendOne(act))) break;
    }
  } finally {
    isSending = false;
  }
}

/** False when the server cannot be reached and the act must wait. */
async function sendOne(act: Act): Promise<boolean> {
  try {
    if (act.needsPlacements) await lookUpPlacements(act);
    let state = "";
    for (const { path, body } of act.requests) state = (await api.post<BulkAnswer>(path, body)).state;
    waiting = waiting.filter((one) => one !== act);
    if (useSyncStatus.getState().connection === "live") settled.push({ act, state });
    whenRefused.delete(act.id);
    if (undoAfterwards.delete(act.id)) performInverse(act);
  } catch (error) {
    if (error instanceof ApiError && TRY_AGAIN.has(error.status)) {
      if (undoAfterwards.delete(act.id)) return giveUp(act);
      retry = setTimeout(() => void sendWaiting(), (error.retryAfterSeconds ?? 0) * 1000 || RETRY_MS);
      if (error.isOffline) setConnection("offline");
      return false;
    }
    refuse(act, error);
  }
  note();
  return true;
}

/** It was taken back while it was on its way, and may not have arrived: the stream will tell what is so. */
function giveUp(act: Act): boolean {
  waiting = waiting.filter((one) => one !== act);
  whenRefused.delete(act.id);
  if (client) hideAct(client, act, openActs());
  note();
  return true;
}

function refuse(act: Act, error: unknown): void {
  undoAfterwards.delete(act.id);
  whenRefused.get(act.id)?.();
  giveUp(act);
  showToast({ kind: "problem", message: t("That did not work: {why}", { why: messageOf(error) }) });
}

/** Many threads at once are put back by thread instead: looking each one up would take too long. */
async function lookUpPlacements(act: Act): Promise<void> {
  const spread = act.before.filter((row) => row.email_ids.length > 1 && row.mailbox_ids.length > 1);
  if (!client || spread.length > MOST_THREADS_LOOKED_UP) return;
  for (const row of spread) {
    // Never from the cache: what is kept there already shows the act.
    const thread = await api.get<Thread>(`/threads/${row.id}/`);
    for (const email of thread.emails) act.placements[email.id] = email.mailbox_ids;
  }
  act.needsPlacements = false;
}

function note(): void {
  useSyncStatus.setState({ waitingActs: waiting.length });
  void writeStored(STORED, waiting);
}
