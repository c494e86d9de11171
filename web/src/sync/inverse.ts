/** Taking an act back: the requests that put each e-mail where, and as, it was. */
import type { ThreadRow } from "../api/types";
import type { Act, ActRequest, BulkBody, ThreadPatch } from "./acts";

/** The rows as they are now carry the undo's starting point; null where nothing can be taken back. */
export function inverseOf(act: Act, now: ThreadRow[]): Act | null {
  const requests = inverseRequests(act);
  if (!requests) return null;
  return {
    id: crypto.randomUUID(),
    threadIds: act.threadIds,
    patch: inversePatch(act),
    requests,
    before: now,
    needsPlacements: false,
    placements: {},
  };
}

function inversePatch({ patch, before }: Act): ThreadPatch {
  if (patch.kind === "seen") return { kind: "seen", isSeen: !patch.isSeen };
  if (patch.kind === "flagged") return { kind: "flagged", isFlagged: !patch.isFlagged };
  return { kind: "place", add: [...new Set(before.flatMap((row) => row.mailbox_ids))], remove: "all" };
}

function inverseRequests(act: Act): ActRequest[] | null {
  const { patch, before } = act;
  switch (patch.kind) {
    case "seen":
      return [
        update(patch.isSeen ? { ids: before.flatMap(unreadOf) } : { ids: before.flatMap(newestOf) }, {
          is_seen: !patch.isSeen,
        }),
      ];
    case "flagged":
      return [
        update(patch.isFlagged ? { thread_ids: act.threadIds } : { ids: before.flatMap(newestOf) }, {
          is_flagged: !patch.isFlagged,
        }),
      ];
    case "place":
      return placeBack(act);
    case "destroy":
      return null;
  }
}

function update(who: BulkBody, what: BulkBody): ActRequest {
  return { path: "/emails/update/", body: { ...who, ...what } };
}

const newestOf = (row: ThreadRow): string[] => row.email_ids.slice(-1);
/** Unread mail is the newest mail, as far as a row can tell. */
const unreadOf = (row: ThreadRow): string[] => (row.unread_count > 0 ? row.email_ids.slice(-row.unread_count) : []);

/** Groups e-mails by where they lay: one move to the first mailbox, a label for the others. */
function placeBack(act: Act): ActRequest[] {
  const groups = new Map<string, { mailboxes: string[]; ids: string[] }>();
  for (const row of act.before) {
    for (const id of row.email_ids) {
      const mailboxes = act.placements[id] ?? row.mailbox_ids;
      const key = mailboxes.join(" ");
      const group = groups.get(key) ?? { mailboxes, ids: [] };
      group.ids.push(id);
      groups.set(key, group);
    }
  }
  return [...groups.values()].flatMap(({ mailboxes, ids }) => {
    const [first, ...others] = mailboxes;
    if (!first) return [];
    const move: ActRequest = { path: "/emails/move/", body: { ids, to_mailbox: first } };
    if (others.length === 0) return [move];
    return [move, { path: "/emails/label/", body: { ids, add: others, remove: [] } }];
  });
}
