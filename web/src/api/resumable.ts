/** Large files go up in pieces (tus 1.0): after a lost line, or a server that was away, they go on where they stopped. */
import type { Fault } from "../lib/pieces";
import { sendInPieces } from "../lib/pieces";
import { request, requestResponse, upload } from "./client";
import { ApiError } from "./error";

/** What is smaller is sent again as quickly as it is asked about. */
export const IN_PIECES_FROM = 4_000_000;
const PIECE_BYTES = 2_000_000;
const TUS = { "Tus-Resumable": "1.0.0" };
const OCTETS = "application/offset+octet-stream";
const LONGEST_WAIT_MS = 15_000;

export type InPieces = {
  filename: string;
  signal: AbortSignal;
  onProgress: (part: number) => void;
  /** Waits for the network itself; without it a lost line is the caller's, and the next call goes on. */
  onWaiting?: (isWaiting: boolean) => void;
};

/** Where a file that is still here has got to, so that trying again goes on. */
const places = new WeakMap<Blob, string>();

/** Gives the file that it has become, as the room at `path` shows it. */
export async function uploadInPieces<Shown>(path: string, file: Blob, how: InPieces): Promise<Shown> {
  const { signal } = how;
  try {
    const where = await sendInPieces({
      size: file.size,
      pieceBytes: PIECE_BYTES,
      line: {
        begin: () => begin(path, file, how),
        offsetOf,
        add: (place, from, to) => add(place, file, from, to, how),
      },
      judge: (fault) => judged(fault, how),
      pause: (tries) => pause(tries, signal),
      where: places.get(file) ?? null,
      onPlace: (place) => (place === null ? places.delete(file) : places.set(file, place)),
      onWaiting: (isWaiting) => how.onWaiting?.(isWaiting),
    });
    places.delete(file);
    return (await request<{ file: Shown }>("GET", where, { signal })).file;
  } catch (error) {
    const place = places.get(file);
    if (signal.aborted && place) {
      places.delete(file);
      void request("DELETE", place, { headers: TUS }).catch(() => undefined);
    }
    throw error;
  }
}

async function begin(path: string, file: Blob, { filename, signal }: InPieces): Promise<string> {
  const metadata = [`filename ${base64(filename)}`, ...(file.type ? [`filetype ${base64(file.type)}`] : [])].join(",");
  const headers = { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": metadata };
  const made = (await (await requestResponse("POST", path, { headers, signal })).json()) as { id: string };
  return `${path}${made.id}/`;
}

async function offsetOf(place: string): Promise<number> {
  const answer = await requestResponse("HEAD", place, { headers: TUS });
  return Number(answer.headers.get("Upload-Offset"));
}

async function add(place: string, file: Blob, from: number, to: number, how: InPieces): Promise<void> {
  await upload<undefined>(place, file.slice(from, to, OCTETS), {
    method: "PATCH",
    headers: { ...TUS, "Upload-Offset": String(from) },
    signal: how.signal,
    onProgress: (part) => how.onProgress((from + part * (to - from)) / file.size),
  });
}

function judged(fault: unknown, how: InPieces): Fault {
  if (how.signal.aborted || !(fault instanceof ApiError)) return "stop";
  if (fault.isOffline) return how.onWaiting ? "again" : "stop";
  if (fault.status === 404 || fault.status === 410) return "gone";
  return fault.status >= 500 || fault.status === 409 || fault.status === 429 ? "again" : "stop";
}

/** Until the network is said to be back, or a while that grows. */
function pause(tries: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const stop = () => {
      reject(new DOMException("Upload stopped", "AbortError"));
      done();
    };
    const timer = setTimeout(done, Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** tries));
    window.addEventListener("online", done);
    signal.addEventListener("abort", stop);
  });
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
