/** What a command can see when it runs: read at that moment, never kept. */
import type { QueryClient } from "@tanstack/react-query";
import type { Scope } from "../api/queries";
import { keys } from "../api/queries";
import { sessionUser } from "../api/session";
import type { Account, Mailbox, MailboxPage, Me, ThreadRow } from "../api/types";
import type { Entry } from "../lib/entries";
import { entriesOf } from "../lib/entries";
import type { MailSearch } from "../lib/place";
import { mailboxOf, scopeOf } from "../lib/place";
import type { ThreadList } from "../lib/thread-list";
import { rowsById } from "../sync/cache";
import { useView } from "./view";

export type Location = {
  box: string | null;
  threadId: string | null;
  /** The thread before one's eyes, also of a mailbox that one shares: what is said on it is written there. */
  readId?: string | null;
  search: MailSearch;
  /** In conversations, and which one is open. */
  isChat?: boolean;
  conversationId?: string | null;
};

export type Navigate = (to: {
  box: string;
  threadId?: string | null;
  search?: MailSearch;
  isReplacing?: boolean;
}) => void;

export type Ports = {
  client: QueryClient;
  location: () => Location;
  navigate: Navigate;
  openOrganisation: (section: string) => void;
  openSettings: (section?: string) => void;
  /** The page of a new rule, for mail from somebody. */
  openNewRule: (from: string) => void;
  signOut: () => void;
  /** A conversation by its id, one of the lists beside them by its name, or what was open last. */
  openConversations?: (id?: string, at?: number, thread?: string | null) => void;
  openNextUnread?: () => void;
};

export type Here = Ports & {
  me: Me | null;
  account: Account | null;
  mailboxes: Mailbox[];
  place: Location;
  mailbox: Mailbox | null;
  scope: Scope | null;
  rows: ThreadRow[];
  /** As they stand in the list: threads, and in a search messages between them. */
  entries: readonly Entry[];
  focusedId: string | null;
  /** What a command acts on: the ticked, else the open, else the one under the cursor. */
  targets: ThreadRow[];
};

let ports: Ports | null = null;

export function connectCommands(given: Ports): void {
  ports = given;
}

/** `targetIds` makes a command act on these, as a row's own buttons do. Null before the client is up. */
export function here(targetIds?: readonly string[]): Here | null {
  if (!ports) return null;
  const { client } = ports;
  const me = sessionUser();
  const account = me?.accounts[0] ?? null;
  const mailboxes = account ? (client.getQueryData<MailboxPage>(keys.mailboxes(account.id))?.items ?? []) : [];
  const place = ports.location();
  const scope = place.box ? scopeOf(place.box, place.search, mailboxes) : null;
  const list = account && scope ? client.getQueryData<ThreadList>(keys.threads(account.id, scope)) : undefined;
  const { focusedId, selected } = useView.getState();
  // Elsewhere than in the mail the cursor is out of sight: a key must not act on what nobody sees.
  const ids = targetIds ?? (place.box ? targetIdsOf(selected, place.threadId, focusedId) : []);
  return {
    ...ports,
    me,
    account,
    mailboxes,
    place,
    mailbox: place.box ? mailboxOf(place.box, mailboxes) : null,
    scope,
    rows: list?.rows ?? [],
    entries: entriesOf(list?.rows ?? [], list?.found),
    focusedId,
    targets: rowsById(client, ids),
  };
}

function targetIdsOf(selected: ReadonlySet<string>, openId: string | null, focusedId: string | null): string[] {
  if (selected.size > 0) return [...selected];
  const id = openId ?? focusedId;
  return id ? [id] : [];
}
