/** Which drafts of a thread are being written right now, so that the thread need not show them twice. */
import { useMemo } from "react";
import type { Email } from "../../api/types";
import type { Composer } from "./session";
import { useComposers } from "./state";

export function useOpenDrafts(emails: readonly Email[]): ReadonlySet<string> {
  const composers = useComposers((state) => state.composers);
  return useMemo(() => {
    const open = Object.values(composers);
    const written = emails.filter((email) => email.is_draft && open.some((composer) => isWriting(composer, email)));
    return new Set(written.map((email) => email.id));
  }, [composers, emails]);
}

/** News of a saved draft's new id can come before the answer to the save: then the answered mail tells. */
function isWriting({ draftId, status, content }: Composer, email: Email): boolean {
  if (draftId === email.id) return true;
  const original = email.draft?.reply_to_email_id ?? email.draft?.forward_of_email_id ?? null;
  const isSameAnswer = original !== null && original === (content.replyToEmailId ?? content.forwardOfEmailId);
  return isSameAnswer && (status === "saving" || status === "unsaved");
}
