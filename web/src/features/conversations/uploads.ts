/** Files on their way up, for a message to come: with progress, to be stopped, to be tried again. */
import { chat } from "../../api/chat-acts";
import { messageOf } from "../../api/error";
import { sizeText } from "../../lib/bytes";
import { t } from "../../lib/i18n";
import type { Upload } from "./writing";
import { patchUpload, write, writingOf } from "./writing";

const MOST_BYTES = 25_000_000;
const MOST_FILES = 20;

const running = new Map<string, AbortController>();

export function addFiles(place: string, files: readonly File[]): void {
  const before = writingOf(place).uploads;
  const added = files.slice(0, Math.max(0, MOST_FILES - before.length)).map(uploadOf);
  write(place, { uploads: [...before, ...added] });
  for (const one of added) if (one.state === "uploading") void start(place, one);
}

function uploadOf(file: File): Upload {
  const isTooLarge = file.size > MOST_BYTES;
  return {
    key: crypto.randomUUID(),
    filename: file.name || "picture.png",
    sizeBytes: file.size,
    state: isTooLarge ? "failed" : "uploading",
    progress: 0,
    isWaiting: false,
    problem: isTooLarge ? t("Larger than {most}", { most: sizeText(MOST_BYTES) }) : null,
    file,
    stored: null,
  };
}

async function start(place: string, one: Upload): Promise<void> {
  if (!one.file) return;
  const abort = new AbortController();
  running.set(one.key, abort);
  patchUpload(place, one.key, { state: "uploading", progress: 0, isWaiting: false, problem: null });
  try {
    const stored = await chat.uploadFile(one.file, {
      filename: one.filename,
      signal: abort.signal,
      onProgress: (progress) => patchUpload(place, one.key, { progress }),
      onWaiting: (isWaiting) => patchUpload(place, one.key, { isWaiting }),
    });
    patchUpload(place, one.key, { state: "done", progress: 1, stored, file: null });
  } catch (error) {
    if (!abort.signal.aborted) patchUpload(place, one.key, { state: "failed", problem: messageOf(error) });
  } finally {
    running.delete(one.key);
  }
}

export function retryUpload(place: string, one: Upload): void {
  void start(place, one);
}

export function removeUpload(place: string, key: string): void {
  running.get(key)?.abort();
  write(place, { uploads: writingOf(place).uploads.filter((one) => one.key !== key) });
}
