import { afterEach, expect, it, vi } from "vitest";
import { domainOf, leaveFor, takeKept } from "./external";

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

it("keeps what ties leaving and coming back together, once", async () => {
  const begun = { redirect_to: "#away", flow: "sealed" };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(begun)));
  await leaveFor({ id: "1", name: "Ours" });
  expect(takeKept()).toEqual({ flow: "sealed", next: "/" });
  expect(takeKept()).toBeNull();
});

it.each(["no json", "{}", '{"flow":5,"next":"/"}', "null"])("takes %s for nothing", (text) => {
  sessionStorage.setItem("posthouse-external-login", text);
  expect(takeKept()).toBeNull();
});

it.each([
  ["alice@Example.org ", "example.org"],
  ["alice@example", null],
  ["alice@", null],
  ["", null],
])("sees a domain in %j", (email, domain) => {
  expect(domainOf(email)).toBe(domain);
});
