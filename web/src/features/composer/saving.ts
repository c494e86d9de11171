/** Keeps each open composer on this device and, when typing rests, as a draft on the server. */
import type { Email } from "../../api/types";
import { t } from "../../lib/i18n";
import { showToast } from "../../ui/toasts";
import { forget, keep } from "./local";
import { withStoredParts } from "./parts";
import { createDraft, isGone, isOffline, replaceDraft, signedInUser, wordsFor } from "./ports";
import { createDraftSaver, type DraftSaver } from "./saver";
import { type Composer, type ComposerContent, sentAttachments, toDraftContent } from "./session";
import { composerOf, patchComposer, patchContent, removeComposer } from "./state";

const KEEP_MS = 300;

const savers = new Map<string, DraftSaver<null>>();
const keepTimers = new Map<string, number>();
const holds = new Map<string, () => void>();

/** What is asked of the saver is always "the newest content", read when the save starts. */
function saverFor(composer: Composer): DraftSaver<null> {
  const known = savers.get(composer.key);
  if (known) return known;
  const { key } = composer;
  const saver = createDraftSaver<null>(
    {
      create: () => store(composerOf(key) ?? composer, null),
      replace: (id) => store(composerOf(key) ?? composer, id),
      judge: (failure) => (isOffline(failure) ? "offline" : isGone(failure) ? "gone" : "failed"),
      later: (run, ms) => {
        const timer = window.setTimeout(run, ms);
        return () => window.clearTimeout(timer);
      },
      report: (status, draftId, failure) => {
        patchComposer(key, { status, draftId, problem: status === "failed" ? wordsFor(failure) : null });
        if (status === "saved") afterSave(key);
      },
    },
    composer.draftId,
  );
  savers.set(key, saver);
  holdLock(key);
  return saver;
}

/** One save; the names under which its parts live from now on are taken over. */
async function store({ key, content }: Composer, id: string | null): Promise<Email> {
  const sentKeys = sentAttachments(content).flatMap((one) => (one.blobId ? [one.key] : []));
  const draft = toDraftContent(content);
  const answer = await (id === null ? createDraft(draft) : replaceDraft(id, draft).catch(tellIfTaken));
  const now = composerOf(key);
  if (now) patchContent(key, { attachments: withStoredParts(now.content.attachments, sentKeys, answer) });
  return answer;
}

/** In a shared mailbox somebody else may have written on it: nothing is laid over what they wrote. */
function tellIfTaken(failure: unknown): never {
  if (isGone(failure))
    showToast({ message: t("This draft was changed elsewhere. What you have here is kept as a draft of its own.") });
  throw failure;
}

/** A change by hand: shown at once, kept on this device, saved when typing rests. */
export function changeContent(key: string, changes: Partial<ComposerContent>): void {
  patchContent(key, changes);
  const composer = composerOf(key);
  if (!composer) return;
  saverFor(composer).change(null);
  if (!keepTimers.has(key))
    keepTimers.set(
      key,
      window.setTimeout(() => void keepNow(key), KEEP_MS),
    );
}

export async function keepNow(key: string, userId = signedInUser()?.id): Promise<void> {
  window.clearTimeout(keepTimers.get(key));
  keepTimers.delete(key);
  const composer = composerOf(key);
  if (!composer || !userId) return;
  const { mode, content, draftId, quoteLabel } = composer;
  await keep("drafts", { key, userId, mode, content, draftId, quoteLabel, savedAtMs: Date.now() });
}

function afterSave(key: string): void {
  const composer = composerOf(key);
  if (keepTimers.has(key) || composer?.content.attachments.some((one) => one.state !== "done")) return;
  if (composer?.isHidden && !composer.isSending) dropComposer(key);
  else void forget("drafts", key);
}

/** While a tab lives it holds a lock for each composer, so that another tab does not take it for lost. */
function holdLock(key: string): void {
  void navigator.locks?.request(`posthouse-composer-${key}`, () => new Promise<void>((free) => holds.set(key, free)));
}

/** Ends all that runs for a composer, here and on this device. */
export function dropComposer(key: string): void {
  release(key);
  void forget("drafts", key);
}

/** Takes a composer off the screen; what this device keeps of it stays. */
export function release(key: string): void {
  void savers.get(key)?.stop();
  window.clearTimeout(keepTimers.get(key));
  keepTimers.delete(key);
  savers.delete(key);
  holds.get(key)?.();
  holds.delete(key);
  removeComposer(key);
}

export type Settled = { composer: Composer; draftId: string | null; isSaved: boolean };

/** No further saves. Resolves when the one under way has answered. */
export async function stopSaving(key: string): Promise<Settled | null> {
  const composer = composerOf(key);
  if (!composer) return null;
  const draftId = (await savers.get(key)?.stop()) ?? composer.draftId;
  savers.delete(key);
  const last = composerOf(key) ?? composer;
  return { composer: last, draftId, isSaved: last.status === "saved" };
}

/** Saves what is unsaved; fails as the save does. */
export async function saveNow(key: string): Promise<void> {
  await savers.get(key)?.flush();
}

export function retrySaving(key: string): void {
  savers.get(key)?.retry();
}

/** Keeps everything unsaved on this device now, before the page goes. */
export function keepAll(): void {
  for (const key of keepTimers.keys()) void keepNow(key);
}
