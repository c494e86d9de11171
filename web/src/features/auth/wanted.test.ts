import { expect, it } from "vitest";
import { loginHref, wantedPath } from "./wanted";

it("leads back to where one was", () => {
  const path = "/mail/12/thread/34?q=from%3Abob#end";
  expect(wantedPath(loginHref(path).replace("/login", ""))).toBe(path);
  expect(loginHref("/")).toBe("/login");
});

it.each(["", "?next=", "?next=/login", "?next=login?next=/x"])("leads home from %j", (search) => {
  expect(wantedPath(search)).toBe("/");
});

it.each(["//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\evil.example"])(
  "never leads to another site by %j",
  (wanted) => expect(wantedPath(`?${new URLSearchParams({ next: wanted })}`)).toBe("/"),
);
