/**
 * A second, narrow sieve for HTML that was sanitised by the server.
 *
 * Not the guard of this page (mail HTML is only shown in a sandboxed frame or through the editor's
 * schema), but of what leaves in our name. An allow-list: what is not named here does not pass.
 * A library was left out since this needs neither its hooks nor its 11 kB, and can be tested.
 */

const TAGS = new Set(
  (
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em " +
    "figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp " +
    "section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr"
  ).split(" "),
);
/** These go with all that is inside them; other unknown elements leave their words behind. */
const DROPPED_WHOLE = new Set(
  "script style head title meta link base iframe frame frameset object embed applet template noscript svg math form-data audio video canvas dialog select textarea button".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  (
    "align alt bgcolor border cellpadding cellspacing char cite color colspan datetime dir face headers height href lang " +
    "rowspan scope size span src start style summary title type valign value width"
  ).split(" "),
);
const LINK = /^(?:https?:\/\/|mailto:|tel:|cid:)/i;
const UNSAFE_STYLE = /url\s*\(|expression|@import|behavior|-moz-binding|position\s*:|\\|javascript/i;
const MAX_ELEMENTS = 20_000;

/** The cleaned body in a document of its own. `sourceOf` decides on each picture: its new address, or null for none. */
export function cleanedBody(html: string, sourceOf: (url: string) => string | null): HTMLElement {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  let seen = 0;
  for (const element of [...body.querySelectorAll("*")]) {
    const tag = element.localName.toLowerCase();
    if (++seen > MAX_ELEMENTS || DROPPED_WHOLE.has(tag)) element.remove();
    else if (!TAGS.has(tag)) element.replaceWith(...element.childNodes);
    else cleanAttributes(element);
  }
  for (const image of [...body.querySelectorAll("img")]) {
    const source = sourceOf(image.getAttribute("src") ?? "");
    if (source) image.setAttribute("src", source);
    else image.replaceWith(image.getAttribute("alt") ?? "");
  }
  return body;
}

function cleanAttributes(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const isKept = ATTRIBUTES.has(name.toLowerCase());
    const isLink = name === "href" && !LINK.test(value.trim());
    const isStyle = name === "style" && UNSAFE_STYLE.test(value);
    if (!isKept || isLink || isStyle) element.removeAttribute(name);
  }
}
