/** Where in a form each part of a refusal belongs. */
import { ApiError, messageOf } from "./error";

export type Problems = { fields: { [name: string]: string }; general: string | null };

export const NO_PROBLEMS: Problems = { fields: {}, general: null };

export type Places = {
  /** The fields of the form, by the names of the body. */
  names: readonly string[];
  /** For refusals that name no field: which one their code is about. */
  byCode?: { [code: string]: string };
  /** Where the body calls a field otherwise than the form. */
  aliases?: { [pointed: string]: string };
  /** Null for what need not be said. */
  words?: (error: unknown) => string | null;
};

export function problemsOf(error: unknown, { names, byCode = {}, aliases = {}, words = messageOf }: Places): Problems {
  if (!(error instanceof ApiError)) return { fields: {}, general: words(error) };
  const fields: Problems["fields"] = {};
  const rest: string[] = [];
  for (const { pointer, detail } of error.errors) {
    const pointed = pointer.split("/")[1] ?? "";
    const name = aliases[pointed] ?? pointed;
    if (names.includes(name)) fields[name] ??= detail;
    else rest.push(detail);
  }
  const name = byCode[error.code];
  if (error.errors.length === 0 && name) fields[name] = words(error) ?? "";
  if (Object.keys(fields).length > 0) return { fields, general: rest.join(" ") || null };
  return { fields, general: rest.join(" ") || words(error) };
}
