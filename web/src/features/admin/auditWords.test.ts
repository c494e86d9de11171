import { expect, it } from "vitest";
import { factsOf, momentOf } from "./auditWords";

it("says in one line what a line is about", () => {
  expect(factsOf({ facts: { name: "Helpdesk", permissions: ["users.read"] } })).toBe("Helpdesk");
  expect(factsOf({ facts: { fields: ["name", "role"], role: "guest" } })).toBe("guest · name, role");
  expect(factsOf({ facts: { again: 11 } })).toBe("11 times more");
  expect(factsOf({ facts: { email: 5, name: "" } })).toBe("");
});

it("takes days for days here, the last one included", () => {
  expect(momentOf("2026-11-27")).toBe(new Date(2026, 10, 27).toISOString());
  expect(momentOf("2026-11-30", 1)).toBe(new Date(2026, 11, 1).toISOString());
  expect(momentOf("soon")).toBeUndefined();
});
