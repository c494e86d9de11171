import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { patiently } from "./on-demand";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("a part that cannot be loaded comes when the server is back", async () => {
  let isThere = false;
  const load = vi.fn(async () => {
    if (!isThere) throw new TypeError("Failed to fetch");
    return "part";
  });
  const part = patiently(load, async () => isThere);
  await vi.advanceTimersByTimeAsync(20_000);
  isThere = true;
  await vi.advanceTimersByTimeAsync(10_000);
  await expect(part).resolves.toBe("part");
  expect(load.mock.calls.length).toBeLessThan(10);
});

it("a part that the server no longer has is an error", async () => {
  const gone = async () => Promise.reject(new TypeError("Failed to fetch"));
  await expect(patiently(gone, async () => true)).rejects.toThrow("Failed to fetch");
});
