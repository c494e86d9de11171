/** Whether somebody has written to a thread since one began to answer it. */
import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../../api/queries";
import type { Email, Thread } from "../../api/types";
import { here } from "../../commands/here";

const known = new Map<string, ReadonlySet<string>>();

function threadWith(client: QueryClient | undefined, emailId: string | null): readonly Email[] {
  if (!client || !emailId) return [];
  for (const [, thread] of client.getQueriesData<Thread>({ queryKey: keys.allThreads })) {
    if (thread?.emails.some((one) => one.id === emailId)) return thread.emails;
  }
  return [];
}

/** The mails that were there when this composer was opened. */
export function noteBeginning(key: string, answeredId: string | null): void {
  const emails = threadWith(here()?.client, answeredId);
  if (emails.length > 0) known.set(key, new Set(emails.map((one) => one.id)));
}

/** Those that came since and are no drafts; none for a composer of which it is not known. */
export function cameSince(key: string, answeredId: string | null): Email[] {
  const before = known.get(key);
  if (!before) return [];
  return threadWith(here()?.client, answeredId).filter((one) => !one.is_draft && !before.has(one.id));
}
