import { expect, it } from "vitest";
import { DEFAULT_PREFERENCES, preferencesOf } from "./preferences";

it("holds the defaults for nobody, for nothing and for nonsense", () => {
  expect(preferencesOf(null)).toEqual(DEFAULT_PREFERENCES);
  expect(preferencesOf({ preferences: {} })).toEqual(DEFAULT_PREFERENCES);
  const nonsense = { theme: "purple", undo_send_seconds: -3, shortcuts: "yes", density: null };
  expect(preferencesOf({ preferences: nonsense })).toEqual(DEFAULT_PREFERENCES);
});

it("takes what was chosen", () => {
  const chosen = { theme: "dark", undo_send_seconds: 0, shortcuts: false, density: "roomy" };
  expect(preferencesOf({ preferences: chosen })).toEqual({ ...DEFAULT_PREFERENCES, ...chosen });
});
