import { describe, expect, it } from "vitest";
import { fillFields, hasFields, valuesFor } from "./fields";

const zoe = valuesFor({ name: "Zoe  Outside", email: "zoe@outside.test" });

describe("fields of a template", () => {
  it("become what is known of a recipient", () =>
    expect(fillFields("{{name}}, {{ first_name }}, {{email}}, {{domain}}", zoe, false)).toBe(
      "Zoe Outside, Zoe, zoe@outside.test, outside.test",
    ));
  it("have a word for who has no name", () => {
    const nobody = valuesFor({ name: "", email: "info@x.test" });
    expect(fillFields("{{name}} {{first_name|friend}} {{first_name}}", nobody, false)).toBe("info friend ");
  });
  it("are filled once, and are no code", () => {
    const evil = valuesFor({ name: "<b>{{email}}</b>", email: "a@b.test" });
    expect(fillFields("<p>{{name}}</p>", evil, true)).toBe("<p>&lt;b&gt;{{email}}&lt;/b&gt;</p>");
  });
  it("stay where they are none", () => {
    for (const text of ["{{unknown}}", "{name}", "{{ }}", "{{7*7}}"]) expect(fillFields(text, zoe, false)).toBe(text);
  });
  it("are seen where nobody filled them", () => {
    expect(hasFields("<p>Dear {{ name }},</p>")).toBe(true);
    expect(hasFields("Dear {{first_name|friend}}")).toBe(true);
    expect(hasFields("{{unknown}} {name}")).toBe(false);
  });
});
