/** What most of the mail screens stand on: who is signed in, their account and its mailboxes. */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { mailboxesQuery } from "../../api/queries";
import { onSession, sessionUser } from "../../api/session";
import type { Account, Mailbox, Me } from "../../api/types";
import { ownAddresses } from "../../lib/own-addresses";

const NONE: Mailbox[] = [];

export function useMe(): Me | null {
  return useSyncExternalStore(onSession, sessionUser);
}

export function useAccount(): Account | null {
  return useMe()?.accounts[0] ?? null;
}

export function useMailboxes(): { mailboxes: Mailbox[]; isReady: boolean; error: unknown; retry: () => void } {
  const account = useAccount();
  const query = useQuery({ ...mailboxesQuery(account?.id ?? ""), enabled: account !== null });
  return {
    mailboxes: query.data?.items ?? NONE,
    isReady: query.data !== undefined,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

/** Lower-case addresses that are this person's. */
export function ownAddressesOf(me: Me | null): ReadonlySet<string> {
  return new Set(ownAddresses(me).map((email) => email.toLowerCase()));
}
