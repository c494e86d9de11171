/** Making, renaming and deleting labels. The list is patched from the answer; the stream confirms it. */
import type { QueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/queries";
import type { Mailbox, MailboxPage } from "../../api/types";

export type LabelFacts = { name: string; parent_id: string | null };

function put(client: QueryClient, accountId: string, change: (items: Mailbox[]) => Mailbox[]): void {
  client.setQueryData<MailboxPage>(keys.mailboxes(accountId), (page) => page && { ...page, items: change(page.items) });
}

export async function createLabel(client: QueryClient, accountId: string, facts: LabelFacts): Promise<Mailbox> {
  const made = await api.post<Mailbox>("/mailboxes/", { account_id: accountId, ...facts });
  put(client, accountId, (items) => [...items.filter((one) => one.id !== made.id), made]);
  return made;
}

export async function renameLabel(client: QueryClient, mailbox: Mailbox, facts: LabelFacts): Promise<void> {
  const renamed = await api.patch<Mailbox>(`/mailboxes/${mailbox.id}/`, facts);
  put(client, mailbox.account_id, (items) => items.map((one) => (one.id === renamed.id ? renamed : one)));
}

/** How many days e-mails stay in a mailbox; null is for ever. */
export async function keepFor(client: QueryClient, mailbox: Mailbox, days: number | null): Promise<void> {
  const kept = await api.patch<Mailbox>(`/mailboxes/${mailbox.id}/`, { retention_days: days });
  put(client, mailbox.account_id, (items) => items.map((one) => (one.id === kept.id ? kept : one)));
}

export async function deleteLabel(client: QueryClient, mailbox: Mailbox): Promise<void> {
  await api.delete(`/mailboxes/${mailbox.id}/`);
  put(client, mailbox.account_id, (items) => items.filter((one) => one.id !== mailbox.id));
}
