/** The door of this feature: everything that starts a composer calls `openComposer`. */
import type { Addr, Email } from "../../api/types";
import { draftContent, newComposer } from "./opening";
import { noteBeginning } from "./overtaken";
import { fetchEmail, signedInUser } from "./ports";
import type { ChatWords } from "./quote";
import { loadQuote } from "./quoting";
import { changeContent } from "./saving";
import type { Composer, ComposerMode } from "./session";
import { addComposer, composerOf, focusComposer, patchComposer, patchContent, useComposers } from "./state";

export type ComposerInit = {
  mode: ComposerMode;
  email?: Email;
  draft?: Email;
  to?: Addr[];
  words?: ChatWords;
  placement?: "dock" | "inline";
};

/**
 * Opens a composer and returns its key. What is open already is not opened twice: a draft, or an
 * answer of the same kind to the same e-mail, comes to the front instead.
 */
export function openComposer(init: ComposerInit): string {
  const open = Object.values(useComposers.getState().composers).find((composer) => isSame(composer, init));
  if (open) {
    if (init.placement !== "inline") patchComposer(open.key, { placement: "dock" });
    focusComposer(open.key);
    return open.key;
  }
  const inPlace = init.placement === "inline" ? inlineFor(init.email) : undefined;
  if (inPlace && init.email) {
    if (init.mode !== "forward" && inPlace.mode !== "forward") return answerOthers(inPlace, init.email, init.mode);
    patchComposer(inPlace.key, { placement: "dock", minimised: true });
  }
  const composer = newComposer(init, signedInUser());
  addComposer(composer);
  noteBeginning(composer.key, composer.content.replyToEmailId);
  if (init.email && init.mode !== "new") void loadQuote(composer.key, init.email, init.mode);
  if (init.draft && !init.draft.draft) void loadDraft(composer.key, init.draft.id);
  return composer.key;
}

function isSame(composer: Composer, init: ComposerInit): boolean {
  if (composer.isSending) return false;
  if (init.draft) return composer.draftId === init.draft.id;
  if (!init.email || composer.mode !== init.mode) return false;
  const { replyToEmailId, forwardOfEmailId } = composer.content;
  return (init.mode === "forward" ? forwardOfEmailId : replyToEmailId) === init.email.id;
}

function inlineFor(email: Email | undefined): Composer | undefined {
  return Object.values(useComposers.getState().composers).find(({ placement, isHidden, content }) => {
    const original = content.replyToEmailId ?? content.forwardOfEmailId;
    return placement === "inline" && !isHidden && original === email?.id;
  });
}

/** "Reply to all" in an open reply (or the other way round) changes to whom it goes and keeps the words. */
function answerOthers(composer: Composer, email: Email, mode: ComposerMode): string {
  const { to, cc } = newComposer({ mode, email }, signedInUser()).content;
  if (composer.status === "new") patchContent(composer.key, { to, cc });
  else changeContent(composer.key, { to, cc });
  patchComposer(composer.key, { mode });
  focusComposer(composer.key);
  return composer.key;
}

/** A row of a list knows too little of its draft: the rest is fetched. */
async function loadDraft(key: string, id: string): Promise<void> {
  const email = await fetchEmail(id).catch(() => null);
  const composer = composerOf(key);
  if (!email || !composer || composer.status !== "saved") return;
  patchComposer(key, { content: draftContent(email), revision: composer.revision + 1 });
}
