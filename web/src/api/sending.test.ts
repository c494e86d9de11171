import { expect, it } from "vitest";
import type { StopShape } from "./generated/schema";
import { ownStop } from "./sending";

const stop: StopShape = {
  id: "1",
  user_id: "7",
  email: "ann@here.test",
  reason: "many_new",
  new_recipients: 101,
  failures: 0,
  complaints: 0,
  held: 101,
  created_at: "2026-11-28T01:00:00.000Z",
  ended_at: null,
  outcome: null,
};

it("is one's own and undecided", () => {
  const decided: StopShape = { ...stop, ended_at: stop.created_at, outcome: "released" };
  expect(ownStop([{ ...stop, user_id: "8" }, decided, stop], "7")).toBe(stop);
  expect(ownStop([{ ...stop, user_id: "8" }, decided], "7")).toBeNull();
  expect(ownStop(undefined, "7")).toBeNull();
});
