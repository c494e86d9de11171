/** What the server finds wrong with a form, at the field it is about. */
import { problemsOf as placed } from "../api/problems";

/** By the first part of the pointer ("links" of "/links/0/url"); under "" what is about no field that is `shown`. */
export type Problems = { [field: string]: string };

export function problemsOf(error: unknown, shown: readonly string[]): Problems {
  const { fields, general } = placed(error, { names: shown });
  return general ? { ...fields, "": general } : fields;
}
