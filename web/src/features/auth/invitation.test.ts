import { afterEach, expect, it } from "vitest";
import { forgetToken, takeToken } from "./invitation";

afterEach(() => {
  sessionStorage.clear();
  window.location.hash = "";
});

it("takes the token out of the address, and finds it again when the page is loaded anew", () => {
  window.location.hash = "#kT3v9S1c-_";
  expect(takeToken()).toBe("kT3v9S1c-_");
  expect(window.location.href).not.toContain("kT3v9S1c");
  expect(takeToken()).toBe("kT3v9S1c-_");
  forgetToken();
  expect(takeToken()).toBeNull();
});

it("lets the newest link count", () => {
  window.location.hash = "#first";
  takeToken();
  window.location.hash = "#second";
  expect(takeToken()).toBe("second");
});

it("takes a mangled link for what it is, without failing", () => {
  window.location.hash = "#%E0%A4%A";
  expect(takeToken()).toBe("%E0%A4%A");
});
