/** Files on their way to the server: progress, cancel, retry, and again when the network is back. */
import { attachmentLimits, fetchBlob, isOffline, uploadBlob, wordsFor } from "./ports";
import { changeContent } from "./saving";
import type { ComposerAttachment } from "./session";
import { formatBytes } from "./sizes";
import { composerOf, patchContent } from "./state";

type Running = { abort: AbortController; done: Promise<void> };
const running = new Map<string, Running>();

/** Takes files in at once and uploads them beside. Returns what was taken, in the same order. */
export function addFiles(
  key: string,
  files: readonly File[],
  disposition: "inline" | "attachment",
): ComposerAttachment[] {
  const added = files.map((file) => newAttachment(file, disposition));
  const before = composerOf(key)?.content.attachments ?? [];
  changeContent(key, { attachments: [...before, ...added] });
  for (const one of added) if (one.state !== "failed") startUpload(key, one.key);
  return added;
}

function newAttachment(file: File, disposition: "inline" | "attachment"): ComposerAttachment {
  const limit = attachmentLimits().max_attachment_bytes;
  const isTooLarge = file.size > limit;
  const id = crypto.randomUUID();
  return {
    key: id,
    blobId: null,
    filename: file.name || "picture.png",
    contentType: file.type || "application/octet-stream",
    sizeBytes: file.size,
    disposition,
    contentId: disposition === "inline" ? `${id}@posthouse` : null,
    state: isTooLarge ? "failed" : "waiting",
    progress: 0,
    error: isTooLarge ? `Larger than ${formatBytes(limit)}` : null,
    file,
    url: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
  };
}

export function removeAttachment(key: string, attachmentKey: string): void {
  running.get(attachmentKey)?.abort.abort();
  const attachments = composerOf(key)?.content.attachments ?? [];
  const gone = attachments.find((one) => one.key === attachmentKey);
  if (gone?.url?.startsWith("blob:")) URL.revokeObjectURL(gone.url);
  changeContent(key, { attachments: attachments.filter((one) => one.key !== attachmentKey) });
}

export function retryAttachment(key: string, attachmentKey: string): void {
  startUpload(key, attachmentKey);
}

/** Parts of the quoted mail that the server did not name by blob: they are read and stored anew. */
export function fetchAttachments(key: string): void {
  for (const one of composerOf(key)?.content.attachments ?? []) {
    if (one.state === "waiting" && !running.has(one.key)) startUpload(key, one.key);
  }
}

/** Resolves when nothing uploads any more; says whether every part of the mail has arrived. */
export async function uploadsSettled(key: string): Promise<boolean> {
  for (;;) {
    const attachments = composerOf(key)?.content.attachments ?? [];
    const waits = attachments.flatMap((one) => running.get(one.key)?.done ?? []);
    if (waits.length === 0) return attachments.every((one) => one.state === "done");
    await Promise.all(waits);
  }
}

export function hasUploads(key: string): boolean {
  return (composerOf(key)?.content.attachments ?? []).some((one) => running.has(one.key));
}

function startUpload(key: string, attachmentKey: string): void {
  const abort = new AbortController();
  const done = upload(key, attachmentKey, abort.signal).finally(() => {
    if (running.get(attachmentKey)?.abort === abort) running.delete(attachmentKey);
  });
  running.set(attachmentKey, { abort, done });
}

async function upload(key: string, attachmentKey: string, signal: AbortSignal): Promise<void> {
  patchAttachment(key, attachmentKey, { state: "uploading", progress: 0, error: null });
  try {
    const one = find(key, attachmentKey);
    const file = one?.file ?? (one?.url ? await fetchBlob(one.url, signal) : null);
    if (!one || !file) throw new Error("The file is no longer there. Attach it again.");
    const report = (progress: number) => patchAttachment(key, attachmentKey, { progress });
    const stored = await uploadBlob(file, one.filename, { signal, report });
    // A part taken along from another mail keeps the type it had there.
    const contentType = one.file ? stored.content_type : one.contentType;
    const sizeBytes = stored.size_bytes;
    patchAttachment(key, attachmentKey, {
      state: "done",
      progress: 1,
      blobId: stored.blob_id,
      contentType,
      sizeBytes,
      file: null,
    });
    if (composerOf(key)?.status !== "new") changeContent(key, {});
  } catch (failure) {
    if (signal.aborted) return;
    const state = isOffline(failure) ? "waiting" : "failed";
    const error = state === "waiting" ? "Waits for the network" : wordsFor(failure);
    patchAttachment(key, attachmentKey, { state, progress: 0, error });
  }
}

function find(key: string, attachmentKey: string): ComposerAttachment | undefined {
  return composerOf(key)?.content.attachments.find((one) => one.key === attachmentKey);
}

function patchAttachment(key: string, attachmentKey: string, changes: Partial<ComposerAttachment>): void {
  const attachments = composerOf(key)?.content.attachments ?? [];
  patchContent(key, {
    attachments: attachments.map((one) => (one.key === attachmentKey ? { ...one, ...changes } : one)),
  });
}
