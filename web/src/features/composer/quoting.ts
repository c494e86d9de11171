/** Fetches the original for a reply or forward and puts it, with the parts it needs, into the composer. */
import type { Email } from "../../api/types";
import { fetchText } from "./ports";
import { cleanQuoteHtml, forwardQuote, type Quote, quoteLabel, replyQuote, textToHtml } from "./quote";
import { changeContent } from "./saving";
import type { ComposerAttachment, ComposerMode } from "./session";
import { composerOf, patchComposer, patchContent } from "./state";
import { fetchAttachments } from "./uploads";

const quoting = new Map<string, Promise<void>>();

/** Resolves when the quote of this composer is in place (or there is none to wait for). */
export function quoteReady(key: string): Promise<void> {
  return quoting.get(key) ?? Promise.resolve();
}

export function loadQuote(key: string, email: Email, mode: ComposerMode): Promise<void> {
  const loading = quoteInto(key, email, mode).finally(() => quoting.delete(key));
  quoting.set(key, loading);
  return loading;
}

async function quoteInto(key: string, email: Email, mode: ComposerMode): Promise<void> {
  const { html, cids } = await bodyOf(email);
  const composer = composerOf(key);
  if (!composer) return;
  const quoteHtml = mode === "forward" ? forwardQuote(email, html) : replyQuote(email, html);
  const attachments = [...composer.content.attachments, ...carriedParts(email, mode, cids)];
  patchComposer(key, { isQuoting: false, quoteLabel: quoteLabel(email) });
  if (composer.status === "new") patchContent(key, { quoteHtml, attachments });
  else changeContent(key, { quoteHtml, attachments });
  fetchAttachments(key);
}

/** The server's rendering when there is HTML and it can be had, else the text. */
async function bodyOf(email: Email): Promise<Quote> {
  const plain = { html: textToHtml(email.text), cids: [] };
  if (!email.has_html || !email.html_url) return plain;
  try {
    const html = await fetchText(withImages(email.html_url));
    const cidOfUrl = (url: string) => email.attachments.find((one) => isSamePath(one.url, url))?.content_id ?? null;
    const quote = cleanQuoteHtml(html, cidOfUrl);
    return quote.html ? quote : plain;
  } catch {
    return plain;
  }
}

/** With remote pictures named by the server's proxy, from whose address the original's can be read. */
function withImages(htmlUrl: string): string {
  return `${htmlUrl}${htmlUrl.includes("?") ? "&" : "?"}images=1`;
}

function isSamePath(a: string, b: string): boolean {
  const path = (url: string) => new URL(url, window.location.origin).pathname;
  try {
    return path(a) === path(b);
  } catch {
    return false;
  }
}

/** A forward takes all parts along, a reply only the pictures that its quote shows. */
function carriedParts(email: Email, mode: ComposerMode, cids: string[]): ComposerAttachment[] {
  return email.attachments.flatMap((part): ComposerAttachment[] => {
    const isShown = part.content_id !== null && cids.includes(part.content_id);
    if (!isShown && mode !== "forward") return [];
    const blobId = part.blob_id ?? null;
    return [
      {
        key: crypto.randomUUID(),
        blobId,
        filename: part.filename,
        contentType: part.content_type,
        sizeBytes: part.size_bytes,
        disposition: isShown ? "inline" : "attachment",
        contentId: isShown ? part.content_id : null,
        state: blobId ? "done" : "waiting",
        progress: blobId ? 1 : 0,
        error: null,
        file: null,
        url: part.url,
      },
    ];
  });
}
