/**
 * What we do to a mail's document from outside. It has no scripts of its own (the sandbox forbids
 * them); ours reach in only to measure it, to fold its quote, and to hear its keys and links.
 */
import { compose } from "../../commands/compose";
import { handleKey } from "../../commands/dispatcher";

const SMALLEST_ZOOM = 0.55;

/** More elements than this are a designed mail in any case, and would take long to look through. */
const MOST_LOOKED_AT = 1500;

/** A mail that paints its own background gets the paper it was drawn for; all others can take ours. */
export function hasOwnPaper(doc: Document): boolean {
  const elements = [...doc.body.querySelectorAll<HTMLElement>("*")];
  if (elements.length > MOST_LOOKED_AT) return true;
  return elements.some((element) => {
    const style = doc.defaultView?.getComputedStyle(element);
    if (!style) return false;
    const isClear = style.backgroundColor === "transparent" || /, 0\)$/.test(style.backgroundColor);
    return !isClear || style.backgroundImage !== "none";
  });
}

/** Puts our ink on our paper, and lightens what was written in dark colours. Gives back what undoes it. */
export function adoptTheme(doc: Document, isDark: boolean): () => void {
  const ours = getComputedStyle(document.body);
  const ink = ours.color;
  const undo: (() => void)[] = [];
  const set = (element: HTMLElement, name: string, value: string) => {
    const before = element.style.getPropertyValue(name);
    const priority = element.style.getPropertyPriority(name);
    element.style.setProperty(name, value, "important");
    undo.push(() => element.style.setProperty(name, before, priority));
  };
  set(doc.documentElement, "color-scheme", isDark ? "dark" : "light");
  set(doc.documentElement, "--paper", "transparent");
  set(doc.documentElement, "--ink", ink);
  for (const [name, token] of TOKENS) set(doc.documentElement, name, resolved(token));
  if (isDark) for (const element of darkWords(doc)) set(element, "color", ink);
  return () => {
    for (const step of undo.toReversed()) step();
  };
}

/** Colours the server's own style of a mail is written in, and which of ours they become. */
const TOKENS = [
  ["--dim", "--muted"],
  ["--line", "--line-strong"],
  ["--link", "--accent"],
] as const;

/** A token as a plain colour: `light-dark()` in it must be settled by our page, not by the mail's. */
function resolved(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
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

const NARROW = 560;
const REFLOW_ID = "ph-reflow";
/** Fixed widths give way, so that columns drawn for a desk become lines for a hand. */
const REFLOW =
  "table{width:100%!important;min-width:0!important}td,th,div,p,h1,h2,h3{width:auto!important;min-width:0!important}" +
  "img{max-width:100%!important;height:auto!important}";

/**
 * What is wider than the frame is laid out anew where there is little room, then shrunk while it can be read.
 * What would be too small scrolls sideways instead, in its own size.
 */
export function fitWidth(doc: Document, width: number): void {
  const root = doc.documentElement;
  root.style.removeProperty("zoom");
  doc.getElementById(REFLOW_ID)?.remove();
  const wanted = () => Math.max(root.scrollWidth, doc.body.scrollWidth);
  if (wanted() > width + 1 && width < NARROW) {
    const style = doc.createElement("style");
    style.id = REFLOW_ID;
    style.textContent = REFLOW;
    doc.head.append(style);
  }
  const zoom = width / wanted();
  if (zoom < 1 && zoom >= SMALLEST_ZOOM && wanted() > width + 1) root.style.setProperty("zoom", String(zoom));
}

/** The body is told to hold its children's margins, else the last lines would be cut off; a scroll bar takes room too. */
export function heightOf(doc: Document): number {
  const { body, documentElement } = doc;
  body.style.setProperty("display", "flow-root");
  body.style.setProperty("height", "auto", "important");
  documentElement.style.setProperty("overflow-y", "hidden");
  const style = doc.defaultView?.getComputedStyle(body);
  const margins = Number.parseFloat(style?.marginTop ?? "0") + Number.parseFloat(style?.marginBottom ?? "0");
  const zoom = Number.parseFloat(documentElement.style.getPropertyValue("zoom")) || 1;
  const bar = zoom === 1 ? Math.max(0, (doc.defaultView?.innerHeight ?? 0) - documentElement.clientHeight) : 0;
  return Math.ceil((body.offsetHeight + margins) * zoom) + bar + 1;
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
