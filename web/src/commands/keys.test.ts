import { describe, expect, it } from "vitest";
import { pressOf, resolveKeys } from "./keys";

const press = (key: string, mods: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}) =>
  pressOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...mods });

describe("pressOf", () => {
  it("names a letter, and shift with it", () => {
    expect(press("e")).toBe("e");
    expect(press("I", { shiftKey: true })).toBe("shift+i");
  });
  it("takes a sign as it is, wherever the keyboard has it", () => expect(press("#", { shiftKey: true })).toBe("#"));
  it("takes Ctrl and Command alike", () => {
    expect(press("k", { ctrlKey: true })).toBe("mod+k");
    expect(press("k", { metaKey: true })).toBe("mod+k");
  });
  it("says nothing for a bare modifier", () => expect(press("Shift", { shiftKey: true })).toBeNull());
});

describe("resolveKeys", () => {
  const bindings = [
    { keys: "e", target: "archive" },
    { keys: "g i", target: "inbox" },
    { keys: "i", target: "info" },
  ];
  it("runs a single press", () => expect(resolveKeys([], "e", bindings)).toEqual({ kind: "run", target: "archive" }));
  it("waits for the rest of a sequence, then runs it", () => {
    expect(resolveKeys([], "g", bindings)).toEqual({ kind: "wait", presses: ["g"] });
    expect(resolveKeys(["g"], "i", bindings)).toEqual({ kind: "run", target: "inbox" });
  });
  it("starts afresh when the sequence is not gone on with", () =>
    expect(resolveKeys(["g"], "e", bindings)).toEqual({ kind: "run", target: "archive" }));
  it("lets other keys pass", () => expect(resolveKeys([], "q", bindings)).toEqual({ kind: "none" }));
});
