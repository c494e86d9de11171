import type { Me } from "../api/types";

/** The addresses that are this person's: not those of accounts that others share with them, but for the one given, where
 *  they answer in its name. */
export function ownAddresses(me: Me | null, accountId?: string | null): string[] {
  if (!me) return [];
  const isTheirs = new Set(me.accounts.filter((one) => one.is_own).map((one) => one.id));
  if (accountId) isTheirs.add(accountId);
  return [
    me.email,
    ...me.accounts.filter((one) => isTheirs.has(one.id)).map((one) => one.email),
    ...me.identities.filter((one) => isTheirs.has(one.account_id)).map((one) => one.email),
  ];
}
