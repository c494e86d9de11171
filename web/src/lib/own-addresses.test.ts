import { expect, it } from "vitest";
import type { Me } from "../api/types";
import { ownAddresses } from "./own-addresses";

const bob = {
  email: "bob@example.org",
  accounts: [
    { id: "1", email: "bob@example.org", is_own: true },
    { id: "2", email: "alice@example.org", is_own: false },
  ],
  identities: [
    { account_id: "1", email: "robert@example.org" },
    { account_id: "2", email: "press@example.org" },
  ],
} as unknown as Me;

it("leaves a colleague's mail a colleague's, also when their account is shared", () => {
  expect(new Set(ownAddresses(bob))).toEqual(new Set(["bob@example.org", "robert@example.org"]));
});

it("counts an account's addresses where one answers in its name", () => {
  const own = ownAddresses(bob, "2");
  expect(own).toContain("alice@example.org");
  expect(own).toContain("press@example.org");
});

it("is nothing for nobody", () => {
  expect(ownAddresses(null)).toEqual([]);
});
