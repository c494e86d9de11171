/**
 * Addresses as people type and paste them: "Ada Lovelace <ada@example.org>, bob@example.org".
 *
 * Follows the shape of RFC 5322 §3.4 (quoted names, comments, groups) as far as a paste can
 * contain it; what is left over stays an entry of its own, so that nothing typed is lost and a
 * wrong address can be shown as wrong.
 */
import type { Addr } from "../../api/types";

const MAX_PASTE_CHARS = 100_000;
const MAX_LOCAL_CHARS = 64;
const MAX_DOMAIN_CHARS = 253;
const LOCAL = /^[^\s@<>()[\]\\,;:"]+$/;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

export function isValidEmail(email: string): boolean {
  const at = email.lastIndexOf("@");
  if (at < 1) return false;
  const local = email.slice(0, at);
  const domain = email.slice(at + 1);
  if (local.length > MAX_LOCAL_CHARS || domain.length > MAX_DOMAIN_CHARS) return false;
  if (!LOCAL.test(local) || /^\.|\.\.|\.$/.test(local)) return false;
  const labels = domain.split(".");
  return (labels.length > 1 || domain === "localhost") && labels.every((label) => LABEL.test(label));
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}

/** Two spellings of one address. Local parts differ by case in theory and never in practice. */
export function isSameAddress(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

export function displayName(addr: Addr): string {
  return addr.name.trim() || addr.email;
}

/** `"Lovelace, Ada" <ada@example.org>`: what parseAddresses turns back into the same address. */
export function formatAddress(addr: Addr): string {
  const name = addr.name.trim();
  if (!name) return addr.email;
  const needsQuotes = /[",;:<>@()[\]\\]/.test(name);
  const shown = needsQuotes ? `"${name.replace(/(["\\])/g, "\\$1")}"` : name;
  return `${shown} <${addr.email}>`;
}

/** Reads a list separated by commas, semicolons or lines. Repeats are dropped, order is kept. */
export function parseAddresses(text: string): Addr[] {
  const found: Addr[] = [];
  for (const piece of splitList(text.slice(0, MAX_PASTE_CHARS))) {
    for (const addr of parseOne(piece)) {
      if (!found.some((other) => isSameAddress(other.email, addr.email))) found.push(addr);
    }
  }
  return found;
}

/** Cuts at separators that stand outside quotes, comments and angle brackets. */
function splitList(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let isQuoted = false;
  let isAngled = false;
  let comments = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (isQuoted && char === "\\") {
      piece += char + text.charAt(++index);
      continue;
    }
    if (char === '"' && comments === 0 && (isQuoted || hasClosingQuote(text, index))) isQuoted = !isQuoted;
    else if (!isQuoted && char === "(") comments++;
    else if (!isQuoted && char === ")") comments = Math.max(0, comments - 1);
    else if (!isQuoted && comments === 0 && char === "<") isAngled = true;
    else if (char === ">") isAngled = false;
    const isFree = !isQuoted && !isAngled && comments === 0;
    if (char === "\n" || char === "\r" || (isFree && (char === "," || char === ";"))) {
      pieces.push(piece);
      piece = "";
      isQuoted = false;
      isAngled = false;
      comments = 0;
    } else piece += char;
  }
  pieces.push(piece);
  return pieces.map((part) => part.trim()).filter(Boolean);
}

function hasClosingQuote(text: string, from: number): boolean {
  const lineEnd = text.indexOf("\n", from);
  const close = text.indexOf('"', from + 1);
  return close !== -1 && (lineEnd === -1 || close < lineEnd);
}

function parseOne(piece: string): Addr[] {
  const ungrouped = piece.replace(/^[^<"@:]{1,80}:(?!\/\/)/, "").trim() || piece;
  const mailto = ungrouped.replace(/^mailto:/i, "");
  const angled = /^(.*?)<\s*(?:mailto:)?([^<>]*?)\s*>[^<>]*$/su.exec(mailto);
  if (angled) {
    const email = (angled[2] ?? "").trim();
    if (email) return [{ name: cleanName(angled[1] ?? "", email), email }];
  }
  const comment = /^(\S+@\S+)\s+\((.*)\)$/s.exec(mailto);
  if (comment) return [{ name: (comment[2] ?? "").trim(), email: comment[1] ?? "" }];
  const words = mailto.split(/\s+/);
  if (words.length > 1 && words.every(isValidEmail)) return words.map((email) => ({ name: "", email }));
  const last = words.at(-1) ?? "";
  if (words.length > 1 && isValidEmail(last)) {
    return [{ name: cleanName(words.slice(0, -1).join(" "), last), email: last }];
  }
  return [{ name: "", email: mailto.replace(/[.,;]+$/, "") }];
}

function cleanName(raw: string, email: string): string {
  let name = raw.trim();
  if (name.length > 1 && /^(["']).*\1$/s.test(name)) name = name.slice(1, -1);
  name = name
    .replace(/\\(["\\])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return isSameAddress(name, email) ? "" : name;
}
