/**
 * After a save the parts of a draft live under the new draft's id, and names that pointed into the
 * old draft are dead with it. So each answer's names are taken over for the next save.
 */
import type { Email } from "../../api/types";
import type { ComposerAttachment } from "./session";

/**
 * `sentKeys` are the attachments the answered request carried, in its order. Pictures are known again by
 * their Content-ID, files by their order, for a server may have tidied their names. If the answer does not
 * have as many files as were sent, files are left alone.
 */
export function withStoredParts(
  attachments: readonly ComposerAttachment[],
  sentKeys: readonly string[],
  answer: Email,
): ComposerAttachment[] {
  const stored = answer.draft?.attachments ?? [];
  const isPicture = (one: { content_id?: string | null; disposition: string }) =>
    one.disposition === "inline" && Boolean(one.content_id);
  const storedFiles = stored.filter((one) => !isPicture(one));
  const sent = attachments.filter((one) => sentKeys.includes(one.key));
  const files = sent.filter((one) => !(one.disposition === "inline" && one.contentId));
  const fits = files.length === storedFiles.length;
  return attachments.map((one) => {
    if (!sent.includes(one)) return one;
    const index = files.indexOf(one);
    const part = index < 0 ? stored.find((other) => other.content_id === one.contentId) : storedFiles[index];
    if (!part || (index >= 0 && !fits)) return one;
    const isLocal = one.url?.startsWith("blob:") ?? false;
    return { ...one, blobId: part.blob_id, url: isLocal ? one.url : urlOf(answer, part.blob_id, one.url) };
  });
}

function urlOf(answer: Email, blobId: string, otherwise: string | null): string | null {
  return answer.attachments.find((one) => one.blob_id === blobId)?.url ?? otherwise;
}
