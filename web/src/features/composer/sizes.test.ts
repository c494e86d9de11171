import { expect, it } from "vitest";
import { formatBytes } from "./sizes";

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [12_345, "12 kB"],
  [999_499, "999 kB"],
  [999_500, "1 MB"],
  [3_440_000, "3.4 MB"],
  [9_960_000, "10 MB"],
  [25_000_000, "25 MB"],
  [1_000_000_000, "1 GB"],
])("%d is %j", (bytes, words) => expect(formatBytes(bytes)).toBe(words));
