import { expect, it } from "vitest";
import type { Myself } from "../../api/myself";
import { aboutOf, changesOf } from "./about";

const alice = {
  name: "Alice Moreau",
  display_name: "Alice Moreau",
  pronouns: "",
  title: "Postmistress",
  department: "",
  phone: "",
  location: "Lyon",
  about: "",
  links: [{ name: "Site", url: "https://posthouse.test/" }],
} as unknown as Myself;

it("shows no display name where the name stands in its place", () => {
  expect(aboutOf(alice).display_name).toBe("");
  expect(aboutOf({ ...alice, display_name: "Al" }).display_name).toBe("Al");
});

it("sends what differs, without blanks around it, and nothing else", () => {
  const before = aboutOf(alice);
  expect(changesOf(before, before)).toEqual({});
  expect(changesOf(before, { ...before, title: " Postmistress ", location: "" })).toEqual({ location: "" });
});

it("sends all links when one is not what it was; an empty one is none", () => {
  const before = aboutOf(alice);
  const empty = { name: "Nothing", url: " " };
  expect(changesOf(before, { ...before, links: [...before.links, empty] })).toEqual({});
  expect(changesOf(before, { ...before, links: [] })).toEqual({ links: [] });
  const bare = { name: "", url: "example.org/me" };
  expect(changesOf(before, { ...before, links: [bare] })).toEqual({
    links: [{ name: "example.org", url: "https://example.org/me" }],
  });
  const odd = { name: "x", url: "javascript:alert(1)" };
  expect(changesOf(before, { ...before, links: [odd] }).links).toEqual([odd]);
});
