import { expect, it } from "vitest";
import { mayOpen, sectionsFor } from "./sections";

const ids = (permissions: string[], role = "member") => sectionsFor({ permissions, role }).map((one) => one.id);

it("shows nobody what they may not do", () => {
  expect(ids([])).toEqual([]);
  expect(ids(["mail.read", "mail.write", "mail.send", "conversations.use", "users.read"])).toEqual([]);
  expect(sectionsFor(undefined)).toEqual([]);
  expect(mayOpen(undefined, "people")).toBe(false);
});

it("shows each what their role holds", () => {
  expect(ids(["users.invite", "audit.read"])).toEqual(["invitations", "audit"]);
  expect(ids(["domains.manage"])).toEqual(["refused"]);
  expect(ids(["domains.manage", "users.read"])).toEqual(["domains", "refused"]);
});

it("leaves the outside log-in to the owner, as the server does", () => {
  expect(ids(["organisation.own"])).toEqual([]);
  expect(ids(["organisation.own"], "owner")).toEqual(["log-in"]);
});

it("knows no section that is not there", () => {
  expect(mayOpen({ permissions: ["users.manage"], role: "admin" }, "people")).toBe(true);
  expect(mayOpen({ permissions: ["users.manage"], role: "admin" }, "constructor")).toBe(false);
});
