/** Send, with some seconds to take it back; without a network it waits; refused, it comes back. */
import type { Sent } from "../../api/types";
import { plural, t } from "../../lib/i18n";
import { dismissToast, showToast } from "../../ui/toasts";
import { preferencesOf } from "../settings/preferences";
import { formatAddress } from "./addresses";
import { reopen } from "./lifecycle";
import { keep, type OutboxItem } from "./local";
import { deliver, withdraw } from "./outbox";
import { cameSince } from "./overtaken";
import { withStoredParts } from "./parts";
import { attachmentLimits, cancelSubmission, fetchEmail, isOffline, isTooLate, signedInUser, wordsFor } from "./ports";
import { quoteReady } from "./quoting";
import { dropComposer, stopSaving } from "./saving";
import { type Composer, invalidRecipients, ownAttachments, recipientsOf, sentAttachments } from "./session";
import { composerOf, patchComposer } from "./state";
import { hasUploads, uploadsSettled } from "./uploads";
import { type SendWarning, warningsFor } from "./warnings";
import { ownText } from "./wire";

/** What stands in the way for certain: null, or words for people. */
export function obstacleOf(composer: Composer): string | null {
  const all = recipientsOf(composer.content);
  if (all.length === 0) return t("Add at least one recipient.");
  const wrong = invalidRecipients(composer.content);
  if (wrong.length > 0) return t("This is not an address: {list}", { list: wrong.map(formatAddress).join(", ") });
  const most = attachmentLimits().max_recipients;
  if (all.length > most)
    return t("A mail goes to {most} people at most; these are {count}.", { most, count: all.length });
  const failed = composer.content.attachments.find((one) => one.state === "failed");
  if (failed) return t("{name} could not be attached. Try again or remove it.", { name: failed.filename });
  return null;
}

/** What one should think about first. */
export function doubtsOf(composer: Composer): SendWarning[] {
  const { content } = composer;
  return warningsFor({
    subject: content.subject,
    ownText: ownText(content.bodyHtml),
    attachmentCount: ownAttachments(content).length,
    recipientCount: recipientsOf(content).length,
    isReplyAll: composer.mode === "replyAll",
    isForward: composer.mode === "forward",
    cameFrom: cameSince(composer.key, content.replyToEmailId).map(
      (one) => one.from[0]?.name || one.from[0]?.email || "",
    ),
  });
}

/** Waits for the quote and for uploads, then sends. The window is gone from the screen at once. */
export async function sendComposer(key: string): Promise<void> {
  const waits = hasUploads(key);
  patchComposer(key, { isSending: true, refusal: null, isHidden: !waits });
  await quoteReady(key);
  await uploadsSettled(key);
  const ready = composerOf(key);
  if (!ready?.isSending) return;
  const obstacle = obstacleOf(ready);
  if (obstacle) return patchComposer(key, { isSending: false, isHidden: false, refusal: obstacle });
  patchComposer(key, { isHidden: true });
  const item = await itemFor(key);
  if (item) await post(item.item, item.composer);
}

/** Stops waiting for uploads. */
export function holdBack(key: string): void {
  patchComposer(key, { isSending: false, isHidden: false });
}

/** Written down in the outbox before the draft's own copy is forgotten. */
async function itemFor(key: string): Promise<{ item: OutboxItem; composer: Composer } | null> {
  const settled = await stopSaving(key);
  const user = signedInUser();
  if (!settled || !user) return null;
  const { composer, draftId, isSaved } = settled;
  const item: OutboxItem = {
    key,
    userId: user.id,
    mode: composer.mode,
    content: composer.content,
    draftId,
    quoteLabel: composer.quoteLabel,
    savedAtMs: Date.now(),
    idempotencyKey: crypto.randomUUID(),
    isCurrent: isSaved,
  };
  await keep("outbox", item);
  dropComposer(key);
  return { item, composer };
}

async function post(item: OutboxItem, composer: Composer): Promise<void> {
  const holdSeconds = preferencesOf(signedInUser()).undo_send_seconds;
  const attempt = deliver(item, holdSeconds);
  let isUndone = false;
  const undo = {
    label: t("Undo"),
    run: () => {
      isUndone = true;
      void takeBack(attempt, item, composer);
    },
  };
  const toast = showToast({
    message: t("Sending…"),
    action: holdSeconds > 0 ? undo : null,
    durationMs: Math.max(2, holdSeconds) * 1_000,
  });
  try {
    await attempt;
    window.setTimeout(() => {
      if (isUndone) return;
      dismissToast(toast);
      showToast({ message: t("Sent."), durationMs: 3_000 });
    }, holdSeconds * 1_000);
  } catch (failure) {
    dismissToast(toast);
    if (isUndone) return;
    if (isOffline(failure)) {
      const message = t("No network. It will be sent once there is one.");
      waitingToasts.set(item.key, showToast({ message, action: undo }));
    } else refuse(item, composer, failure);
  }
}

function refuse(item: OutboxItem, composer: Composer, failure: unknown): void {
  const why = t("It was not sent. {why}", { why: wordsFor(failure) });
  reopen(
    { ...composer, content: item.content, draftId: item.draftId },
    item.isCurrent && item.draftId ? "saved" : "unsaved",
    why,
  );
}

async function takeBack(attempt: Promise<Sent>, item: OutboxItem, composer: Composer): Promise<void> {
  let sent: Sent;
  try {
    sent = await attempt;
  } catch (failure) {
    if (!isOffline(failure)) refuse(item, composer, failure);
    else if (await withdraw(item)) reopen({ ...composer, draftId: item.draftId }, "unsaved");
    else showToast({ message: t("Too late: it has been sent."), kind: "problem" });
    return;
  }
  try {
    const { email_id } = await cancelSubmission(sent.submission_id);
    const draft = await fetchEmail(email_id).catch(() => null);
    const sentKeys = sentAttachments(item.content).map((one) => one.key);
    const { attachments } = item.content;
    const content = {
      ...item.content,
      attachments: draft ? withStoredParts(attachments, sentKeys, draft) : attachments,
    };
    reopen({ ...composer, content, draftId: email_id }, "saved");
  } catch (failure) {
    const why = isTooLate(failure)
      ? t("Too late: it has been sent.")
      : t("It could not be stopped. {why}", { why: wordsFor(failure) });
    showToast({ message: why, kind: "problem" });
  }
}

const waitingToasts = new Map<string, number>();

/** What `sendWaiting` reports when the network is back. */
export const outboxNews = {
  sent: (item: OutboxItem): void => {
    dismissToast(waitingToasts.get(item.key) ?? 0);
    waitingToasts.delete(item.key);
    const count = recipientsOf(item.content).length;
    const to = item.content.to[0]?.name || item.content.to[0]?.email || plural(count, "{n} person", "{n} people");
    showToast({ message: t("Sent to {to}: {subject}", { to, subject: item.content.subject || t("(no subject)") }) });
  },
  refused: (item: OutboxItem, failure: unknown): void => {
    const { key, mode, content, draftId, quoteLabel } = item;
    const composer: Composer = {
      key,
      mode,
      content,
      draftId,
      quoteLabel,
      placement: "dock",
      minimised: false,
      full: false,
      status: "unsaved",
      problem: null,
      refusal: null,
      revision: 0,
      isSending: false,
      isHidden: false,
      isQuoting: false,
      focus: "body",
    };
    refuse(item, composer, failure);
  },
};
