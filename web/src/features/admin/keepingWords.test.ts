import { describe, expect, it } from "vitest";
import { daysWords, expiringWords, limitOptions, numberOf, secondsWords, textOf } from "./keepingWords";

describe("how long something may be done", () => {
  it("is said in the largest unit that fits", () => {
    expect(["", "0", "90", "300", "7200", "86400", "1"].map(secondsWords)).toEqual([
      "Without end",
      "Never",
      "90 seconds",
      "5 minutes",
      "2 hours",
      "1 day",
      "1 second",
    ]);
  });

  it("offers what is usual, and what holds now", () => {
    expect(limitOptions("86400")).toHaveLength(8);
    expect(limitOptions("90")[0]).toEqual({ value: "90", label: "90 seconds" });
  });

  it("is nothing where there is no end", () => {
    expect([textOf(null), textOf(0), numberOf(" "), numberOf("30")]).toEqual(["", "0", null, 30]);
    expect([daysWords(null), daysWords(1), daysWords(30)]).toEqual(["For ever", "1 day", "30 days"]);
  });
});

describe("what would go", () => {
  const some = { messages: 12, is_more: false, conversations: 3, oldest_at: null, is_held: false };

  it("is told with where it is", () => {
    expect(expiringWords(some)).toBe("12 messages in 3 conversations: they go within an hour.");
    expect(expiringWords({ ...some, messages: 0 })).toBe("Nothing is older than that.");
  });

  it("tells where it was not counted to the end, and where a hold keeps it", () => {
    expect(expiringWords({ ...some, messages: 100_000, is_more: true, conversations: 1 })).toBe(
      "More than 100000 messages in 1 conversation: they go within an hour.",
    );
    expect(expiringWords({ ...some, is_held: true })).toContain("but for the legal hold");
  });
});
