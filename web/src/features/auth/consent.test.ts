import { expect, it } from "vitest";
import { askedOf } from "./consent";

it("takes what the server knows, and nothing else", () => {
  const search = "?client_id=phc_1&redirect_uri=https%3A%2F%2Fa.example%2Fcb%3Fx%3D1&state=&approve=true&login_hint=a";
  expect(askedOf(search)).toEqual({ client_id: "phc_1", redirect_uri: "https://a.example/cb?x=1", state: "" });
});
