import { expect, it } from "vitest";
import { filled } from "./call";

it("puts the parts of a path in their places, and lets none of them be more than one", () => {
  expect(filled("/groups/{group_id}/members/{user_id}/", { group_id: "1", user_id: "2" })).toBe("/groups/1/members/2/");
  expect(filled("/users/{user_id}/", { user_id: "../me" })).toBe("/users/..%2Fme/");
});
