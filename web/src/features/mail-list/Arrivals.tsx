import type { ThreadRow } from "../../api/types";
import { plural, t } from "../../lib/i18n";
import { nameOf } from "../../lib/people";

/** Tells screen readers of new mail. Others see it come in. */
export function Arrivals({ rows }: { rows: readonly ThreadRow[] }) {
  return (
    <p aria-live="polite" className="sr-only">
      {wordsFor(rows.filter((row) => row.unread_count > 0))}
    </p>
  );
}

function wordsFor(unread: ThreadRow[]): string {
  const [first] = unread;
  if (!first) return "";
  const sender = first.senders.at(-1);
  if (unread.length > 1 || !sender) return plural(unread.length, "{n} new e-mail", "{n} new e-mails");
  return t("New e-mail from {who}: {subject}", { who: nameOf(sender), subject: first.subject });
}
