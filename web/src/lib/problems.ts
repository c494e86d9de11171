/** What the server finds wrong with a form, at the field it is about. */
import { ApiError, messageOf } from "../api/error";

/** By the first part of the pointer ("links" of "/links/0/url"); under "" what is about no field that is `shown`. */
export type Problems = { [field: string]: string };

export function problemsOf(error: unknown, shown: readonly string[]): Problems {
  const problems: Problems = {};
  const items = error instanceof ApiError ? error.errors : [];
  for (const { pointer, detail } of items) {
    const field = pointer.split("/")[1] ?? "";
    const place = shown.includes(field) ? field : "";
    problems[place] ??= detail;
  }
  if (Object.keys(problems).length === 0) problems[""] = messageOf(error);
  return problems;
}
