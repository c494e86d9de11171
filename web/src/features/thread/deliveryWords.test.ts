import { describe, expect, it } from "vitest";
import type { Delivery } from "../../api/types";
import { adviceOf, stateOf, stepsOf, summaryOf, worstFirst } from "./deliveryWords";

const taken: Delivery = {
  recipient: "zoe@there.test",
  state: "delivered",
  attempts: 1,
  next_attempt_at: null,
  host: "mx.there.test",
  tls: true,
  verified_by: "dane",
  answer: "250 2.0.0 queued",
  reason: null,
  report: null,
  read_at: null,
  complained_at: null,
  updated_at: "2026-11-28T01:00:00.000Z",
  is_forward: false,
};
const returned: Delivery = {
  ...taken,
  state: "failed",
  reason: "no_such_address",
  report: { action: "failed", host: "box.there.test", answer: "5.1.1 nobody", at: "2026-11-28T02:00:00.000Z" },
};
const read: Delivery = { ...taken, read_at: "2026-11-28T03:00:00.000Z" };

describe("the line for all", () => {
  it("tells the worst news first", () => {
    expect(summaryOf([taken, returned, read])).toEqual({ tone: "bad", words: "Not delivered to 1 person" });
    expect(summaryOf([taken, { ...taken, state: "retrying" }]).words).toBe("Trying again for 1 person");
    const delayed: Delivery = {
      ...taken,
      report: { action: "delayed", host: null, answer: null, at: taken.updated_at },
    };
    expect(summaryOf([taken, delayed]).words).toBe("Delayed for 1 person");
  });

  it("tells who has read it", () => {
    expect(summaryOf([taken]).words).toBe("Delivered");
    expect(summaryOf([taken, read]).words).toBe("Delivered, read by 1 of 2");
    expect(summaryOf([read]).words).toBe("Read");
  });
});

describe("the story of one recipient", () => {
  it("begins with the server that took it", () => {
    expect(stepsOf(taken)).toEqual([
      {
        key: "tried",
        tone: "ok",
        words: "Taken by mx.there.test, encrypted, certificate checked",
        at: taken.updated_at,
        said: "250 2.0.0 queued",
      },
    ]);
  });

  it("goes on with what came back later", () => {
    expect(stepsOf(returned).map((step) => [step.tone, step.words])).toEqual([
      ["ok", "Taken by mx.there.test, encrypted, certificate checked"],
      ["bad", "Returned by box.there.test"],
    ]);
    expect(stepsOf({ ...read, complained_at: read.read_at }).map((step) => step.key)).toEqual([
      "tried",
      "read",
      "complaint",
    ]);
  });

  it("says nothing of servers before one was asked", () => {
    expect(stepsOf({ ...taken, state: "queued", attempts: 0, host: null, answer: null })).toEqual([]);
  });

  it("says of a refusal that it was not taken, and how often", () => {
    const refused: Delivery = { ...taken, state: "failed", attempts: 3, tls: false, reason: "mailbox_full" };
    expect(stepsOf(refused)[0]?.words).toBe("mx.there.test did not take it (3 attempts)");
    expect(stateOf(refused)).toEqual({ tone: "bad", words: "Not delivered" });
  });
});

it("puts what needs attention first", () => {
  const waits: Delivery = { ...taken, recipient: "w@there.test", state: "retrying" };
  expect(worstFirst([taken, waits, returned, read]).map(({ state }) => state)).toEqual([
    "failed",
    "retrying",
    "delivered",
    "delivered",
  ]);
});

describe("advice", () => {
  it("says why, and that it is over", () => {
    expect(adviceOf(returned)).toMatch(/nobody of that name.* It is not tried again\.$/);
  });

  it("says when it is tried again", () => {
    const waiting: Delivery = {
      ...taken,
      state: "retrying",
      reason: "asked_to_wait",
      next_attempt_at: taken.updated_at,
    };
    expect(adviceOf(waiting)).toMatch(/asks to wait.* Next try: /);
  });

  it("is silent where all is well", () => {
    expect(adviceOf(taken)).toBe("");
  });
});
