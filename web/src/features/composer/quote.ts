/**
 * The original below a reply or a forward, as HTML that is safe to send on.
 *
 * Plain text is escaped. HTML comes from the server's sanitised rendering and is cleaned once
 * more here, because it leaves in our name: links to this server and remote trackers that the
 * reader has not loaded must not travel with it.
 */
import type { Addr, Email } from "../../api/types";
import { displayName, formatAddress } from "./addresses";
import { cleanedBody } from "./clean";

export type Quote = { html: string; cids: string[] };

const MAX_QUOTE_CHARS = 1_000_000;
const LONG_DATE = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

export function textToHtml(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").trimEnd().split("\n");
  return `<div>${lines.map((line) => escapeHtml(line).replace(/ {2}/g, " &#160;")).join("<br>")}</div>`;
}

export function replyQuote(email: Email, bodyHtml: string): string {
  const who = email.from[0] ? escapeHtml(formatAddress(email.from[0])) : "someone";
  return (
    `<div class="posthouse-quote posthouse-reply"><div>On ${escapeHtml(longDate(email))}, ${who} wrote:</div>` +
    `<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:2px solid #ccc;padding-left:1ex">${bodyHtml}</blockquote></div>`
  );
}

/** What somebody said in a conversation, as the client of it has it. */
export type ChatWords = { subject: string; name: string; where: string; at: string; html: string };

export function chatQuote({ name, where, at, html }: ChatWords): { html: string; label: string } {
  const when = LONG_DATE.format(new Date(at));
  const body = cleanQuoteHtml(html, () => null).html;
  return {
    html:
      `<div class="posthouse-quote"><div>On ${when}, ${escapeHtml(name)} wrote in ${escapeHtml(where)}:</div>` +
      `<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:2px solid #ccc;padding-left:1ex">${body}</blockquote></div>`,
    label: `${name}, ${when}`,
  };
}

export function forwardQuote(email: Email, bodyHtml: string): string {
  const rows: [string, string][] = [
    ["From", list(email.from)],
    ["Date", longDate(email)],
    ["Subject", email.subject],
    ["To", list(email.to)],
    ["Cc", list(email.cc)],
  ];
  const head = rows.filter(([, value]) => value).map(([name, value]) => `${name}: ${escapeHtml(value)}`);
  return (
    `<div class="posthouse-quote"><div>---------- Forwarded message ----------<br>${head.join("<br>")}</div>` +
    `<br>${bodyHtml}</div>`
  );
}

function list(addrs: readonly Addr[]): string {
  return addrs.map(formatAddress).join(", ");
}

function longDate(email: Email): string {
  return LONG_DATE.format(new Date(email.sent_at ?? email.received_at));
}

/** A short name for the fold button: "Bob Builder, 3 Mar 2026". */
export function quoteLabel(email: Email): string {
  const from = email.from[0];
  return `${from ? displayName(from) : "someone"}, ${longDate(email)}`;
}

/**
 * The body of a rendered mail, cleaned. `cidOfUrl` maps the address of an inline picture to its
 * Content-ID: such pictures stay (`cid:`) and their ids are returned so they can be attached;
 * a remote picture keeps its own address; any other of this server, or by a data or blob address, becomes
 * its alt text.
 */
export function cleanQuoteHtml(documentHtml: string, cidOfUrl: (url: string) => string | null): Quote {
  const cids: string[] = [];
  const sourceOf = (url: string): string | null => {
    const cid = /^cid:/i.test(url) ? url.slice(4) : cidOfUrl(url);
    if (cid && !cids.includes(cid)) cids.push(cid);
    if (cid) return `cid:${cid}`;
    const original = originalOf(url);
    return isForeignUrl(original) ? original : null;
  };
  const body = cleanedBody(documentHtml.slice(0, MAX_QUOTE_CHARS), sourceOf);
  for (const image of body.querySelectorAll("img")) if (isTracker(image)) image.remove();
  for (const link of body.querySelectorAll("a[href]")) {
    if (isOwnUrl(link.getAttribute("href") ?? "")) link.removeAttribute("href");
  }
  return { html: body.innerHTML.trim(), cids };
}

/** A picture nobody can see only tells that somebody looked. */
function isTracker(image: Element): boolean {
  const isTiny = (name: string) => /^[0-3](?:px)?$/.test(image.getAttribute(name)?.trim() ?? "");
  return !image.getAttribute("src")?.startsWith("cid:") && isTiny("width") && isTiny("height");
}

/** A remote picture comes as `/api/v1/images/?u=ORIGINAL&sig=…`; what is sent on names the original. */
function originalOf(url: string): string {
  try {
    const parsed = new URL(url, window.location.origin);
    const isProxied = parsed.origin === window.location.origin && parsed.pathname.startsWith("/api/");
    return (isProxied && parsed.searchParams.get("u")) || url;
  } catch {
    return url;
  }
}

function isForeignUrl(url: string): boolean {
  return /^https?:\/\//i.test(url) && !isOwnUrl(url);
}

function isOwnUrl(url: string): boolean {
  return url.startsWith(window.location.origin);
}
