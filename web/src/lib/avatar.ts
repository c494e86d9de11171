/** Initials and a steady colour for an address, so that a person looks the same everywhere. */
import type { Addr } from "../api/types";

const HUES = 12;

export function initialsOf(person: Addr): string {
  const name = (person.name || person.email.split("@")[0] || "?").trim();
  const words = name.split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = firstLetter(words[0]);
  // Han, kana and hangul: one sign says as much as two letters.
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(first)) return first;
  const last = words.length > 1 ? firstLetter(words.at(-1)) : "";
  return (first + last).toLocaleUpperCase() || "?";
}

function firstLetter(word: string | undefined): string {
  return word?.match(/[\p{L}\p{N}]/u)?.[0] ?? "";
}

/** 0 to 11; depends on the address alone, so a changed display name keeps the colour. */
export function hueIndexOf(email: string): number {
  let hash = 2166136261;
  for (const char of email.toLowerCase()) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 16777619);
  }
  return (hash >>> 0) % HUES;
}
