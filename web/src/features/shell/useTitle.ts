import { useEffect } from "react";
import type { Mailbox } from "../../api/types";
import { mailboxOfRole } from "../../lib/place";

/** The window's title says where one is and what waits in the inbox. */
export function useTitle(place: string, mailboxes: readonly Mailbox[]): void {
  const unread = mailboxOfRole("inbox", mailboxes)?.unread_emails ?? 0;
  const count = unread > 0 ? `(${unread}) ` : "";
  useEffect(() => {
    document.title = place ? `${count}${place} · Posthouse` : "Posthouse";
  }, [place, count]);
}
