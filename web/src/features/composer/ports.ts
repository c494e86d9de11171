/** The composer's only way to the server and to who is signed in. */
import { useSyncExternalStore } from "react";
import { api, requestResponse, upload } from "../../api/client";
import { ApiError, messageOf } from "../../api/error";
import { IN_PIECES_FROM, uploadInPieces } from "../../api/resumable";
import { onSession, sessionUser } from "../../api/session";
import type { Addr, DraftContent, Email, Limits, Me, Sent, UploadedBlob } from "../../api/types";

const API_PREFIX = "/api/v1";
const DEFAULT_LIMITS: Limits = { max_attachment_bytes: 25_000_000, max_message_bytes: 35_000_000, max_recipients: 500 };

let limits: Limits = DEFAULT_LIMITS;

/** As `signedInUser`, and renders again when that changes. */
export function useSignedInUser(): Me | null {
  return useSyncExternalStore(onSession, sessionUser);
}

export function signedInUser(): Me | null {
  return sessionUser();
}

export function attachmentLimits(): Limits {
  return limits;
}

/** Asks what the server allows. Without an answer the usual limits stand. */
export async function loadLimits(): Promise<void> {
  limits = { ...DEFAULT_LIMITS, ...(await api.get<Partial<Limits>>("/limits/").catch(() => ({}))) };
}

export function createDraft(content: DraftContent): Promise<Email> {
  return api.post<Email>("/drafts/", content);
}

/** The answer carries a new id; the old one is gone. */
export function replaceDraft(id: string, content: DraftContent): Promise<Email> {
  return api.put<Email>(`/drafts/${id}/`, content);
}

export function destroyDraft(id: string): Promise<void> {
  return api.delete(`/emails/${id}/`, { query: { permanent: true } });
}

export function fetchEmail(id: string): Promise<Email> {
  return api.get<Email>(`/emails/${id}/`);
}

export type SendOptions = { holdSeconds: number; idempotencyKey: string };

export function sendDraft(id: string, { holdSeconds, idempotencyKey }: SendOptions): Promise<Sent> {
  const headers = { "Idempotency-Key": idempotencyKey };
  return api.post<Sent>(`/drafts/${id}/send/`, { hold_seconds: holdSeconds }, { headers });
}

export function sendNow(content: DraftContent, { holdSeconds, idempotencyKey }: SendOptions): Promise<Sent> {
  const headers = { "Idempotency-Key": idempotencyKey };
  return api.post<Sent>("/send/", { ...content, hold_seconds: holdSeconds }, { headers });
}

export function cancelSubmission(id: string): Promise<{ email_id: string }> {
  return api.post<{ email_id: string }>(`/submissions/${id}/cancel/`);
}

export async function completeAddresses(words: string, signal: AbortSignal): Promise<Addr[]> {
  return (await api.get<{ items: Addr[] }>("/addresses/", { query: { q: words, limit: 8 }, signal })).items;
}

type UploadPorts = { signal: AbortSignal; report: (fraction: number) => void };

export function uploadBlob(file: Blob, filename: string, { signal, report }: UploadPorts): Promise<UploadedBlob> {
  return file.size < IN_PIECES_FROM
    ? upload<UploadedBlob>("/blobs/", file, { query: { filename }, signal, onProgress: report })
    : uploadInPieces<UploadedBlob>("/blobs/uploads/", file, { filename, signal, onProgress: report });
}

/** A rendering or part of a mail by its signed address. Another server's address is refused. */
async function fetchSigned(url: string, signal?: AbortSignal): Promise<Response> {
  const target = new URL(url, window.location.origin);
  if (target.origin !== window.location.origin || !target.pathname.startsWith(API_PREFIX)) {
    throw new Error("That address is not ours.");
  }
  const path = target.pathname.slice(API_PREFIX.length) + target.search;
  return requestResponse("GET", path, { headers: { Accept: "*/*" }, ...(signal ? { signal } : {}) });
}

export async function fetchText(url: string): Promise<string> {
  return (await fetchSigned(url)).text();
}

export async function fetchBlob(url: string, signal: AbortSignal): Promise<Blob> {
  return (await fetchSigned(url, signal)).blob();
}

/** It may have arrived all the same, or is still being worked on: to be tried again under the same key. */
export function isOffline(failure: unknown): boolean {
  if (!(failure instanceof ApiError)) return false;
  return failure.isOffline || [502, 503, 504].includes(failure.status) || failure.code === "idempotency_in_progress";
}

export function isGone(failure: unknown): boolean {
  return failure instanceof ApiError && (failure.status === 404 || failure.status === 410);
}

export function isTooLate(failure: unknown): boolean {
  return failure instanceof ApiError && failure.code === "already_sent";
}

/** Why it did not work, with the parts the server found wrong. */
export function wordsFor(failure: unknown): string {
  if (!(failure instanceof ApiError)) return messageOf(failure);
  const details = failure.errors.map((one) => one.detail).filter((detail) => detail && detail !== failure.message);
  return [failure.message, ...details].join(" ");
}
