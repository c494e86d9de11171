/** A password made up for somebody: eighty bits in letters and digits that are not mistaken for each other. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 4;
const LENGTH = 4;

export function madeUpPassword(
  random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => crypto.getRandomValues(bytes),
): string {
  const text: string[] = [];
  while (text.length < GROUPS * LENGTH) {
    const bytes = new Uint8Array(GROUPS * LENGTH);
    random(bytes);
    // 31 letters: what lies above the largest multiple is thrown away, so that none comes more often.
    for (const byte of bytes) if (byte < 248) text.push(LETTERS[byte % LETTERS.length] ?? "");
  }
  const groups = Array.from({ length: GROUPS }, (_, at) => text.slice(at * LENGTH, (at + 1) * LENGTH).join(""));
  return groups.join("-");
}
