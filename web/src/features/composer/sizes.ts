/** Sizes as people say them: 900 bytes, 12 kB, 3.4 MB, 1 GB (decimal, as file managers and limits do). */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  return bytes < 999_500_000 ? `${short(bytes / 1e6)} MB` : `${short(bytes / 1e9)} GB`;
}

function short(value: number): string {
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
}
