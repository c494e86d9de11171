/**
 * Between what the editor holds and what is sent.
 *
 * On the wire a line is a `<div>`, since mail readers give `<p>` margins of their own taste; a
 * picture is `cid:ID`; signature and quote are marked, so that a draft opened on another device
 * falls into the same pieces again. Where a server drops the marks, everything is body.
 */

export type DraftPieces = { bodyHtml: string; quoteHtml: string | null };

const BLOCKS = "p,div,ul,ol,li,blockquote,pre,table,h1,h2,h3,h4,h5,h6,hr";

export function toWireHtml(bodyHtml: string, quoteHtml: string | null): string {
  const body = parse(bodyHtml);
  for (const image of body.querySelectorAll("img[data-cid]")) {
    image.setAttribute("src", `cid:${image.getAttribute("data-cid")}`);
    image.removeAttribute("data-cid");
  }
  for (const paragraph of body.querySelectorAll("p")) {
    const line = renamed(paragraph, "div");
    if (!line.hasChildNodes()) line.append(document.createElement("br"));
  }
  return quoteHtml ? `${body.innerHTML}<div><br></div>${quoteHtml}` : body.innerHTML;
}

/** `urlOfCid` gives an address under which the browser can show an inline picture. */
export function fromWireHtml(html: string, urlOfCid: (cid: string) => string | null): DraftPieces {
  const body = parse(html);
  const quote = findQuote(body);
  const quoteHtml = quote ? quote.outerHTML : null;
  if (quote) {
    const before = quote.previousElementSibling;
    quote.remove();
    if (before && isBlankLine(before)) before.remove();
  }
  for (const image of body.querySelectorAll("img")) {
    const source = image.getAttribute("src") ?? "";
    if (!/^cid:/i.test(source)) continue;
    const cid = source.slice(4);
    image.setAttribute("data-cid", cid);
    image.setAttribute("src", urlOfCid(cid) ?? "");
  }
  for (const div of [...body.querySelectorAll("div")]) {
    if (div.querySelector(BLOCKS) || div.className.startsWith("posthouse-")) continue;
    const paragraph = renamed(div, "p");
    if (isBlankLine(paragraph)) paragraph.replaceChildren();
  }
  return { bodyHtml: body.innerHTML, quoteHtml };
}

/** The same text with each inline picture at the address it has now. */
export function withPictures(bodyHtml: string, urlOfCid: (cid: string) => string | null): string {
  if (!bodyHtml.includes("data-cid")) return bodyHtml;
  const body = parse(bodyHtml);
  for (const image of body.querySelectorAll("img[data-cid]")) {
    const url = urlOfCid(image.getAttribute("data-cid") ?? "");
    if (url) image.setAttribute("src", url);
  }
  return body.innerHTML;
}

/** What one has written here, as plain lines: without signature and quote. */
export function ownText(bodyHtml: string): string {
  const body = parse(bodyHtml);
  for (const signature of body.querySelectorAll(".posthouse-signature")) signature.remove();
  for (const block of body.querySelectorAll(`${BLOCKS},br`)) block.append("\n");
  for (const line of body.querySelectorAll("br")) line.replaceWith("\n");
  return (body.textContent ?? "").replace(/\n{3,}/g, "\n\n").trim();
}

/** Content-IDs of the pictures that stand in the text. */
export function usedCids(...pieces: (string | null)[]): string[] {
  return pieces.flatMap((piece) => {
    const images = piece ? [...parse(piece).querySelectorAll("img")] : [];
    return images.flatMap((image) => {
      const source = image.getAttribute("src") ?? "";
      return image.getAttribute("data-cid") ?? (/^cid:/i.test(source) ? source.slice(4) : []);
    });
  });
}

export function withSignature(bodyHtml: string, signatureHtml: string): string {
  const body = parse(bodyHtml);
  const old = body.querySelector(".posthouse-signature");
  const fresh = signatureHtml.trim() ? `<div class="posthouse-signature">${signatureHtml}</div>` : "";
  if (old) {
    old.outerHTML = fresh;
    return body.innerHTML;
  }
  return `${bodyHtml || "<p></p>"}${fresh ? `<p></p>${fresh}` : ""}`;
}

/** The quote as part of the text, from where one can answer line by line. */
export function withQuoteInText(
  bodyHtml: string,
  quoteHtml: string | null,
  urlOfCid: (cid: string) => string | null,
): string {
  const quote = findQuote(parse(quoteHtml ?? ""));
  return `${bodyHtml}<p></p>${fromWireHtml(quote ? quote.innerHTML : "", urlOfCid).bodyHtml}`;
}

function findQuote(body: HTMLElement): Element | null {
  return body.querySelector(":scope > .posthouse-quote");
}

function isBlankLine(element: Element): boolean {
  const only = element.childNodes.length === 1 ? element.firstElementChild : null;
  return /^(?:div|p)$/i.test(element.tagName) && (!element.hasChildNodes() || only?.tagName === "BR");
}

function renamed(element: Element, tag: string): HTMLElement {
  const fresh = document.createElement(tag);
  fresh.append(...element.childNodes);
  element.replaceWith(fresh);
  return fresh;
}

/** Parses into a document of its own, where nothing loads and nothing runs. */
function parse(html: string): HTMLElement {
  return new DOMParser().parseFromString(`<body>${html}</body>`, "text/html").body;
}
