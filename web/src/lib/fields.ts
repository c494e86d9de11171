/** Texts with `{{name}}` in them, filled with what is known of a recipient; as the server fills them. */
import type { Addr } from "../api/types";

export const FIELD_NAMES = ["name", "first_name", "email", "domain"] as const;

const FIELD = /\{\{[ \t]*([a-z_]{1,30})[ \t]*(?:\|([^{}|]{0,60}))?\}\}/g;

export function valuesFor({ name, email }: Addr): { [field: string]: string } {
  const whole = name.trim().replace(/\s+/g, " ");
  const [local = "", domain = ""] = email.split("@");
  return { name: whole || local, first_name: whole.split(" ")[0] ?? "", email, domain };
}

/** A value that looks like a field is not filled again; what is no field stays. */
export function fillFields(text: string, values: { [field: string]: string }, isHtml: boolean): string {
  return text.replace(FIELD, (whole: string, field: string, instead: string | undefined) => {
    const value = values[field];
    if (value === undefined) return whole;
    if (value === "") return instead ?? "";
    return isHtml ? escaped(value) : value;
  });
}

/** Whether somebody would read `{{name}}`. */
export function hasFields(text: string): boolean {
  return FIELD_NAMES.some((name) => new RegExp(`\\{\\{[ \\t]*${name}[ \\t]*(?:\\||\\}\\})`).test(text));
}

const SIGNS: { [sign: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}
