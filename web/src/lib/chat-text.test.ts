import { describe, expect, it } from "vitest";
import { lined, plainLine, textToSend, textToShow, triggerAt, wrapped } from "./chat-text";

const BOB = { kind: "user", id: "7", name: "Bob" } as const;
const BOBBY = { kind: "user", id: "8", name: "Bob Smith" } as const;

describe("mentions", () => {
  it("are names while one writes and ids when it is sent", () => {
    const shown = "@Bob Smith and @Bob, not @Bobby";
    const sent = "@[Bob Smith](user:8) and @[Bob](user:7), not @Bobby";
    expect(textToSend(shown, [BOB, BOBBY])).toBe(sent);
    expect(textToShow(sent).shown).toBe(shown);
    expect(textToShow(sent).namings).toEqual([BOBBY, BOB]);
  });

  it("take names with signs as they are", () => {
    const odd = { kind: "user", id: "9", name: "C+ (dev)" } as const;
    expect(textToSend("@C+ (dev) hi", [odd])).toBe("@[C+ (dev)](user:9) hi");
  });
});

describe("completion", () => {
  it("begins at an @ or a colon that begins a word", () => {
    expect(triggerAt("hi @bo", 6)).toEqual({ sign: "@", typed: "bo", from: 3 });
    expect(triggerAt("ok :tad", 7)).toEqual({ sign: ":", typed: "tad", from: 3 });
    expect(triggerAt("a@b", 3)).toBeNull();
    expect(triggerAt("hi @Bob ", 8)).toBeNull();
    expect(triggerAt("at 10:30", 8)).toBeNull();
    expect(triggerAt("@bob how are you", 16)).toBeNull();
  });
});

describe("the tools", () => {
  it("put signs around and take them off again", () => {
    const on = wrapped({ text: "a word here", start: 2, end: 6 }, "**");
    expect(on).toEqual({ text: "a **word** here", start: 4, end: 8 });
    expect(wrapped(on, "**")).toEqual({ text: "a word here", start: 2, end: 6 });
  });

  it("mark whole lines", () => {
    expect(lined({ text: "one\ntwo", start: 1, end: 7 }, "- ").text).toBe("- one\n- two");
    expect(lined({ text: "- one\n- two", start: 3, end: 11 }, "- ").text).toBe("one\ntwo");
  });

  it("leave words for a line", () => {
    expect(plainLine("**Bold** [a link](https://x.test) @[Bob](user:7)\n> quoted")).toBe("Bold a link @Bob quoted");
  });
});
