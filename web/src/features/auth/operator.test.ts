import { expect, it } from "vitest";
import { asksForProof, operatorPath } from "./operator";

it("leads back to the page that asked", () => {
  const page = "/admin/identity/user/?is_active__exact=0&q=a%40b";
  expect(operatorPath(`?${new URLSearchParams({ next: page })}`)).toBe(page);
});

it.each(["", "?next=/mail/inbox", "?next=//evil.example/admin/", "?next=/admin/..//evil", "?next=/admin/../api/"])(
  "leads to the first of the server's pages from %j",
  (search) => expect(operatorPath(search)).toBe("/admin/"),
);

it("asks for a proof only where one is wanted", () => {
  expect(asksForProof("?prove=1&next=/admin/")).toBe(true);
  expect(asksForProof("?next=/admin/")).toBe(false);
});
