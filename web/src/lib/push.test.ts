import { expect, it } from "vitest";
import { isOfOtherKey, keyBytes, pushStateOf } from "./push";

it("reads base64url, with the letters that base64 does not have", () => {
  expect([...keyBytes("_-8")]).toEqual([255, 239]);
  expect(
    keyBytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
  ).toHaveLength(65);
  expect(keyBytes("")).toHaveLength(0);
});

it("knows a subscription that was made for another key", () => {
  expect(isOfOtherKey(keyBytes("AQID").buffer, "AQID")).toBe(false);
  expect(isOfOtherKey(keyBytes("AQIE").buffer, "AQID")).toBe(true);
  expect(isOfOtherKey(keyBytes("AQ").buffer, "AQID")).toBe(true);
  expect(isOfOtherKey(null, "AQID")).toBe(false);
});

it("says what a browser can do now", () => {
  const able = { isSecure: true, hasPush: true, permission: "granted", isSubscribed: true } as const;
  expect(pushStateOf(able)).toBe("on");
  expect(pushStateOf({ ...able, isSubscribed: false })).toBe("off");
  expect(pushStateOf({ ...able, permission: "default" })).toBe("off");
  expect(pushStateOf({ ...able, permission: "denied" })).toBe("denied");
  expect(pushStateOf({ ...able, hasPush: false })).toBe("unsupported");
  expect(pushStateOf({ ...able, permission: null })).toBe("unsupported");
  expect(pushStateOf({ ...able, isSecure: false })).toBe("insecure");
});
