/**
 * What we do to a mail's document from outside. It has no scripts of its own (the sandbox forbids
 * them); ours reach in only to measure it, to fold its quote, and to hear its keys and links.
 */
import { compose } from "../../commands/compose";
import { handleKey } from "../../commands/dispatcher";

const QUOTES =
  ".posthouse-quote, .gmail_quote, .gmail_extra > .gmail_quote, blockquote[type=cite], #divRplyFwdMsg, .yahoo_quoted, .moz-cite-prefix";
const SMALLEST_ZOOM = 0.45;

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

/** More elements than this are a designed mail in any case, and would take long to look through. */
const MOST_LOOKED_AT = 1500;

/** A mail that paints its own background gets the paper it was drawn for; all others can take ours. */
export function hasOwnPaper(doc: Document): boolean {
  const elements = [...doc.body.querySelectorAll<HTMLElement>("*")];
  if (elements.length > MOST_LOOKED_AT) return true;
  return [doc.body, ...elements].some((element) => {
    const style = doc.defaultView?.getComputedStyle(element);
    if (!style) return false;
    const isClear = style.backgroundColor === "transparent" || /, 0\)$/.test(style.backgroundColor);
    return !isClear || style.backgroundImage !== "none";
  });
}

/** Puts our ink on our paper, and lightens what was written in dark colours. Gives back what undoes it. */
export function adoptTheme(doc: Document, isDark: boolean): () => void {
  const ink = getComputedStyle(document.documentElement).color;
  const undo: (() => void)[] = [];
  const set = (element: HTMLElement, name: string, value: string) => {
    const before = element.style.getPropertyValue(name);
    const priority = element.style.getPropertyPriority(name);
    element.style.setProperty(name, value, "important");
    undo.push(() => element.style.setProperty(name, before, priority));
  };
  set(doc.documentElement, "color-scheme", isDark ? "dark" : "light");
  set(doc.documentElement, "background", "transparent");
  set(doc.body, "background", "transparent");
  set(doc.body, "color", ink);
  if (isDark) for (const element of darkWords(doc)) set(element, "color", ink);
  return () => {
    for (const step of undo.toReversed()) step();
  };
}

function darkWords(doc: Document): HTMLElement[] {
  return [...doc.body.querySelectorAll<HTMLElement>("*")].slice(0, MOST_LOOKED_AT).filter((element) => {
    const colour = doc.defaultView?.getComputedStyle(element).color ?? "";
    return element.tagName !== "A" && isDarkColour(colour);
  });
}

const DARK_BELOW = 0.22;

/** Of a computed "rgb(...)", by its luminance. */
export function isDarkColour(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return colour.startsWith("rgb") && 0.2126 * red + 0.7152 * green + 0.0722 * blue < DARK_BELOW;
}

/** Shrinks what is wider than the frame, as far as it can still be read. */
export function fitWidth(doc: Document, width: number): void {
  const root = doc.documentElement;
  root.style.removeProperty("zoom");
  const wanted = Math.max(root.scrollWidth, doc.body.scrollWidth);
  if (wanted <= width + 1) return;
  root.style.setProperty("zoom", String(Math.max(SMALLEST_ZOOM, width / wanted)));
}

/** The body is told to hold its children's margins, else the last lines would be cut off. */
export function heightOf(doc: Document): number {
  const { body, documentElement } = doc;
  body.style.setProperty("display", "flow-root");
  body.style.setProperty("height", "auto", "important");
  documentElement.style.setProperty("overflow-y", "hidden");
  const style = doc.defaultView?.getComputedStyle(body);
  const margins = Number.parseFloat(style?.marginTop ?? "0") + Number.parseFloat(style?.marginBottom ?? "0");
  const zoom = Number.parseFloat(documentElement.style.getPropertyValue("zoom")) || 1;
  return Math.ceil((body.offsetHeight + margins) * zoom) + 1;
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
