/**
 * Saving a draft while it is being written.
 *
 * Invariants: at most one request is on its way; each answer brings a new id, and the next save
 * goes to that id; what was typed during a save is saved after it; a failure never loses
 * content, since the copy on this device is written first (by `keep`).
 */

export type SaveStatus = "new" | "unsaved" | "saving" | "saved" | "offline" | "failed";

export type SaverPorts<Content> = {
  create: (content: Content) => Promise<{ id: string }>;
  replace: (id: string, content: Content) => Promise<{ id: string }>;
  /** Says whether to wait for the network, make a new draft since the old is gone, or give up. */
  judge: (failure: unknown) => "offline" | "gone" | "failed";
  /** Calls back after so many milliseconds; returns what cancels it. */
  later: (run: () => void, ms: number) => () => void;
  report: (status: SaveStatus, draftId: string | null, failure: unknown) => void;
};

export type DraftSaver<Content> = {
  /** Takes the newest content and saves it when typing rests. */
  change: (content: Content) => void;
  /** Saves what is unsaved now; resolves with the id once all is saved, null if nothing ever was. */
  flush: () => Promise<string | null>;
  /** Tries again at once what could not be saved. */
  retry: () => void;
  /** No further saves. Resolves with the id once the one under way has answered. */
  stop: () => Promise<string | null>;
};

export const REST_MS = 1_500;
export const MAX_WAIT_MS = 10_000;
const RETRY_MS = [3_000, 8_000, 20_000, 60_000];

export function createDraftSaver<Content>(ports: SaverPorts<Content>, startId: string | null): DraftSaver<Content> {
  let draftId = startId;
  let pending: { content: Content } | null = null;
  let running: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;
  let cancelDeadline: (() => void) | null = null;
  let failures = 0;
  let lastFailure: unknown = null;
  let isStopped = false;

  function clearTimers(): void {
    cancelTimer?.();
    cancelDeadline?.();
    cancelTimer = cancelDeadline = null;
  }

  function change(content: Content): void {
    if (isStopped) return;
    pending = { content };
    if (!running) ports.report("unsaved", draftId, null);
    cancelTimer?.();
    cancelTimer = ports.later(start, REST_MS);
    cancelDeadline ??= ports.later(start, MAX_WAIT_MS);
  }

  function start(): void {
    clearTimers();
    if (running || isStopped || !pending) return;
    running = run().finally(() => {
      running = null;
    });
  }

  async function run(): Promise<void> {
    const job = pending;
    if (!job) return;
    pending = null;
    ports.report("saving", draftId, null);
    try {
      draftId = (await store(job.content)).id;
      failures = 0;
      lastFailure = null;
      ports.report(pending ? "unsaved" : "saved", draftId, null);
      if (pending && !isStopped) cancelTimer ??= ports.later(start, REST_MS);
    } catch (failure) {
      pending ??= job;
      lastFailure = failure;
      const verdict = ports.judge(failure) === "offline" ? "offline" : "failed";
      ports.report(verdict, draftId, failure);
      const wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? REST_MS;
      if (verdict === "offline" && !isStopped) cancelTimer ??= ports.later(start, wait);
    }
  }

  async function store(content: Content): Promise<{ id: string }> {
    if (draftId === null) return ports.create(content);
    try {
      return await ports.replace(draftId, content);
    } catch (failure) {
      if (ports.judge(failure) !== "gone") throw failure;
      draftId = null;
      return ports.create(content);
    }
  }

  async function flush(): Promise<string | null> {
    while (running || pending) {
      if (!running) {
        lastFailure = null;
        start();
      }
      if (running) await running;
      if (lastFailure) throw lastFailure;
      if (isStopped) break;
    }
    return draftId;
  }

  async function stop(): Promise<string | null> {
    isStopped = true;
    clearTimers();
    if (running) await running;
    return draftId;
  }

  return { change, flush, retry: start, stop };
}
