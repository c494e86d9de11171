/** How a composer ends and comes back: closed, discarded, reopened, found again after a crash. */
import { onSession } from "../../api/session";
import { kept } from "./local";
import { destroyDraft } from "./ports";
import {
  changeContent,
  dropComposer,
  keepNow,
  release,
  retrySaving,
  type Settled,
  saveNow,
  stopSaving,
} from "./saving";
import { type Composer, type ComposerAttachment, type ComposerContent, sentAttachments } from "./session";
import { addComposer, composerOf, patchComposer, useComposers } from "./state";
import { fetchAttachments, hasUploads, uploadsSettled } from "./uploads";
import { ownText } from "./wire";

let owner: string | null = null;

// Whoever comes next to this tab must not see what the one before was writing.
onSession((session) => {
  const before = owner;
  owner = session?.user.id ?? null;
  if (before !== null && before !== owner) void putAllAway(before);
});

/** What is not on the server yet stays on this device and opens again when its writer comes back. */
async function putAllAway(userId: string): Promise<void> {
  for (const { key, status } of Object.values(useComposers.getState().composers)) {
    if (status !== "new" && status !== "saved") await keepNow(key, userId);
    release(key);
  }
}

async function takeOut(key: string): Promise<Settled | null> {
  const settled = await stopSaving(key);
  dropComposer(key);
  return settled;
}

export function isEmpty(content: ComposerContent): boolean {
  const hasRecipients = content.to.length + content.cc.length + content.bcc.length > 0;
  return (
    !hasRecipients && !content.subject.trim() && !ownText(content.bodyHtml) && sentAttachments(content).length === 0
  );
}

/** Shuts the window; what was written stays a draft. Tells how it ended. */
export async function closeComposer(key: string): Promise<"nothing" | "saved" | "kept"> {
  const composer = composerOf(key);
  if (!composer) return "nothing";
  if (isEmpty(composer.content) || composer.status === "new") {
    const settled = await takeOut(key);
    if (settled?.draftId) await destroyDraft(settled.draftId).catch(() => undefined);
    return "nothing";
  }
  patchComposer(key, { isHidden: true });
  if (hasUploads(key)) await uploadsSettled(key);
  try {
    await saveNow(key);
    dropComposer(key);
    return "saved";
  } catch {
    await keepNow(key);
    return "kept";
  }
}

/** Throws the draft away. Returns what brings it back. */
export function discardComposer(key: string): (() => void) | null {
  const composer = composerOf(key);
  if (!composer) return null;
  patchComposer(key, { isHidden: true });
  const gone = takeOut(key).then(async (settled) => {
    if (settled?.draftId) await destroyDraft(settled.draftId).catch(() => undefined);
  });
  return () => void gone.then(() => reopen({ ...composer, draftId: null }, "unsaved"));
}

/** Shows a composer again as it was; one that is not on the server is saved soon. */
export function reopen(composer: Composer, state: "saved" | "unsaved", refusal: string | null = null): void {
  addComposer({
    ...composer,
    placement: "dock",
    minimised: false,
    isHidden: false,
    isSending: false,
    status: state,
    problem: null,
    refusal,
  });
  if (state === "unsaved") changeContent(composer.key, {});
}

/** Opens, folded, what a crash or a closed lid left unsaved on this device. Returns how many. */
export async function restoreLost(userId: string): Promise<number> {
  let count = 0;
  for (const lost of await kept("drafts", userId)) {
    if (composerOf(lost.key) || (await isHeldElsewhere(lost.key))) continue;
    const { key, mode, content, draftId, quoteLabel } = lost;
    addComposer({
      key,
      mode,
      content,
      draftId,
      quoteLabel,
      placement: "dock",
      minimised: true,
      full: false,
      status: "unsaved",
      problem: null,
      refusal: null,
      revision: 0,
      isSending: false,
      isHidden: false,
      isQuoting: false,
      focus: "body",
    });
    const attachments = content.attachments.map((one) => restored(one));
    changeContent(key, { attachments });
    fetchAttachments(key);
    count++;
  }
  return count;
}

/** Object URLs died with the page; where the bytes are still here they get a new one. */
function restored(attachment: ComposerAttachment): ComposerAttachment {
  const isPicture = attachment.contentType.startsWith("image/");
  const url = attachment.file && isPicture ? URL.createObjectURL(attachment.file) : attachment.url;
  return attachment.blobId ? { ...attachment, url } : { ...attachment, url, state: "waiting" };
}

async function isHeldElsewhere(key: string): Promise<boolean> {
  if (!navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return (held ?? []).some((lock) => lock.name === `posthouse-composer-${key}`);
}

/** The network is back: saves and uploads that waited go on. */
export function resumeAll(): void {
  for (const key of Object.keys(useComposers.getState().composers)) {
    fetchAttachments(key);
    retrySaving(key);
  }
}
