/** Sizes as people say them: 900 bytes, 12 kB, 3.4 MB (decimal, as file managers and limits do). */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  const millions = bytes / 1_000_000;
  return `${millions < 10 ? millions.toFixed(1).replace(/\.0$/, "") : Math.round(millions)} MB`;
}
