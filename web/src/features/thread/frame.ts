/**
 * What we do to a mail's document from outside. It has no scripts of its own (the sandbox forbids
 * them); ours reach in only to measure it, to fold its quote, and to hear its keys and links.
 */
import { compose } from "../../commands/compose";
import { handleKey } from "../../commands/dispatcher";

const QUOTES =
  ".posthouse-quote, .gmail_quote, .gmail_extra > .gmail_quote, blockquote[type=cite], #divRplyFwdMsg, .yahoo_quoted, .moz-cite-prefix";
const COLOURED =
  "[bgcolor], [background], font[color], [style*='color'], [style*='background'], style, link[rel=stylesheet], table table";
const SMALLEST_ZOOM = 0.45;

export type FrameFacts = { height: number; hasQuote: boolean };

/** The quote at the end of a mail, and all that follows it. Null when words of the writer come after. */
export function findQuote(doc: Document): HTMLElement[] | null {
  const first = doc.body?.querySelector<HTMLElement>(QUOTES);
  if (!first || !hasTextBefore(doc, first)) return null;
  const quote: HTMLElement[] = [first];
  for (let next = first.nextElementSibling; next; next = next.nextElementSibling) quote.push(next as HTMLElement);
  return quote;
}

function hasTextBefore(doc: Document, element: Element): boolean {
  const range = doc.createRange();
  range.setStart(doc.body, 0);
  range.setEndBefore(element);
  return range.toString().trim() !== "" || range.cloneContents().querySelector("img") !== null;
}

/** A mail that brings no colours of its own can take ours; all others get the paper they were drawn for. */
export function hasOwnColours(doc: Document): boolean {
  return doc.querySelector(COLOURED) !== null;
}

export function adoptTheme(doc: Document, isDark: boolean): void {
  const page = getComputedStyle(document.documentElement);
  const root = doc.documentElement;
  root.style.setProperty("color-scheme", isDark ? "dark" : "light");
  root.style.setProperty("background", "transparent");
  doc.body.style.setProperty("background", "transparent");
  doc.body.style.setProperty("color", page.getPropertyValue("color"));
}

/** Shrinks what is wider than the frame, as far as it can still be read. */
export function fitWidth(doc: Document, width: number): void {
  const root = doc.documentElement;
  root.style.removeProperty("zoom");
  const wanted = Math.max(root.scrollWidth, doc.body.scrollWidth);
  if (wanted <= width + 1) return;
  root.style.setProperty("zoom", String(Math.max(SMALLEST_ZOOM, width / wanted)));
}

export function heightOf(doc: Document): number {
  const { body } = doc;
  if (!body) return 0;
  const box = body.getBoundingClientRect();
  const style = doc.defaultView?.getComputedStyle(body);
  const margins = Number.parseFloat(style?.marginTop ?? "0") + Number.parseFloat(style?.marginBottom ?? "0");
  const zoom = Number.parseFloat(doc.documentElement.style.getPropertyValue("zoom")) || 1;
  return Math.ceil(Math.max(box.height + margins * zoom, body.scrollHeight * zoom));
}

export function listenInside(doc: Document): () => void {
  const click = (event: MouseEvent) => {
    const target = event.target as Element | null;
    const link = target?.closest?.("a[href]");
    const href = link?.getAttribute("href") ?? "";
    if (!link || !href) return;
    if (/^mailto:/i.test(href)) {
      event.preventDefault();
      const email = decodeURIComponent(href.slice(7).split("?")[0] ?? "");
      compose({ mode: "new", to: email ? [{ name: "", email }] : [] });
    } else if (href.startsWith("#")) {
      event.preventDefault();
      doc.getElementById(href.slice(1))?.scrollIntoView({ block: "start" });
    } else {
      link.setAttribute("target", "_blank");
      link.setAttribute("rel", "noopener noreferrer");
    }
  };
  doc.addEventListener("click", click);
  doc.addEventListener("keydown", handleKey);
  return () => {
    doc.removeEventListener("click", click);
    doc.removeEventListener("keydown", handleKey);
  };
}
