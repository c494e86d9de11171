import { expect, it } from "vitest";
import { type Delivery, lookAgainMs } from "./developer";

const now = Date.parse("2026-11-27T12:00:00Z");
const delivery = (state: Delivery["state"], next_attempt_at: string | null = null, attempts = 1): Delivery => ({
  id: "1",
  webhook_id: "msg_1",
  type: "webhook.test",
  attempts,
  created_at: "2026-11-27T11:59:00Z",
  state,
  next_attempt_at,
});

it("looks again soon while something is tried, seldom while it waits, and not when all is done", () => {
  expect(lookAgainMs([], now)).toBe(false);
  expect(lookAgainMs([delivery("delivered"), delivery("failed")], now)).toBe(false);
  expect(lookAgainMs([delivery("delivered"), delivery("pending")], now)).toBe(2_000);
  const waiting = delivery("pending", "2026-11-27T12:05:00Z");
  expect(lookAgainMs([waiting], now)).toBe(30_000);
  expect(lookAgainMs([delivery("pending", "2026-11-27T12:05:00Z", 0)], now)).toBe(2_000);
  expect(lookAgainMs([waiting, delivery("pending", "2026-11-27T12:00:01Z")], now)).toBe(2_000);
});
