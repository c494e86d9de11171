/** Two signs for a label where there is no room for its name: "Work" is Wo, "Home bills" HB, "2026" 26. */
export function shorten(name: string): string {
  const words = name.split(/[\s._/-]+/).flatMap((word) => word.match(/[\p{L}\p{N}].*/u)?.[0] ?? []);
  const [first = "", last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  if (last) return (sign(first) + sign(last)).toLocaleUpperCase();
  if (/^\d+$/.test(first)) return first.slice(-2);
  return [...first].slice(0, 2).join("") || "?";
}

function sign(word: string): string {
  return [...word][0] ?? "";
}
