/** What an e-mail says that others like it will say too: a rule begins with it, in the address of its page. */
import type { Email } from "../../api/types";

export type Likeness = { from?: string; list?: string };

export function likenessOf(raw: Record<string, unknown>): Likeness {
  return {
    ...(typeof raw.from === "string" ? { from: raw.from } : {}),
    ...(typeof raw.list === "string" ? { list: raw.list } : {}),
  };
}

export function likenessOfEmail(email: Pick<Email, "from">): Likeness {
  const sender = email.from[0]?.email;
  return sender ? { from: sender } : {};
}
