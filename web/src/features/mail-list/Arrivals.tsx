import { useEffect, useRef, useState } from "react";
import type { ThreadRow } from "../../api/types";
import { arrivalsAbove } from "../../lib/anchor";
import { plural, t } from "../../lib/i18n";
import { nameOf } from "../../lib/people";

/** Tells screen readers of new mail. Others see it come in. */
export function Arrivals({ rows, listKey }: { rows: readonly ThreadRow[]; listKey: string }) {
  const [words, setWords] = useState("");
  const last = useRef<{ listKey: string; ids: string[] }>({ listKey, ids: [] });
  useEffect(() => {
    const ids = rows.map((row) => row.id);
    const before = last.current;
    last.current = { listKey, ids };
    if (before.listKey !== listKey || before.ids.length === 0) return;
    const fresh = new Set(arrivalsAbove(before.ids, ids));
    const unread = rows.filter((row) => fresh.has(row.id) && row.unread_count > 0);
    const [first] = unread;
    if (!first) return;
    const sender = first.senders.at(-1);
    setWords(
      unread.length > 1 || !sender
        ? plural(unread.length, "{n} new e-mail", "{n} new e-mails")
        : t("New e-mail from {who}: {subject}", { who: nameOf(sender), subject: first.subject }),
    );
  }, [rows, listKey]);
  return (
    <p aria-live="polite" className="sr-only">
      {words}
    </p>
  );
}
