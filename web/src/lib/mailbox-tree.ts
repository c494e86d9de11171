/** Mailboxes as they lie in each other. */
import type { Mailbox } from "../api/types";
import { mailboxName, ROLES } from "./place";

export type Branch = {
  mailbox: Mailbox;
  depth: number;
  /** The names of all it lies in, outermost first: "Work / Bills". */
  inside: string;
  children: Branch[];
};

/** Those with a role first, in their order, then labels by order and name. One with a role lies in nothing. */
export function mailboxTree(mailboxes: readonly Mailbox[]): Branch[] {
  const known = new Set(mailboxes.map((mailbox) => mailbox.id));
  const held = new Map<string | null, Mailbox[]>();
  for (const mailbox of mailboxes) {
    const isInside = mailbox.role === null && mailbox.parent_id !== null && known.has(mailbox.parent_id);
    const parent = isInside ? mailbox.parent_id : null;
    held.set(parent, [...(held.get(parent) ?? []), mailbox]);
  }
  const grow = (parent: Branch | null): Branch[] =>
    (held.get(parent?.mailbox.id ?? null) ?? []).toSorted(byPlace).map((mailbox) => {
      const inside = parent ? [parent.inside, mailboxName(parent.mailbox)].filter(Boolean).join(" / ") : "";
      const branch: Branch = { mailbox, depth: parent ? parent.depth + 1 : 0, inside, children: [] };
      branch.children = grow(branch);
      return branch;
    });
  return grow(null);
}

function byPlace(a: Mailbox, b: Mailbox): number {
  const rank = ({ role }: Mailbox) => (role ? ROLES.indexOf(role) : ROLES.length);
  return rank(a) - rank(b) || a.sort_order - b.sort_order || a.name.localeCompare(b.name);
}

/** Each before what lies in it. */
export function flatten(branches: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => [branch, ...flatten(branch.children)]);
}

/** All without a role, wherever they lie. */
export function labelBranches(mailboxes: readonly Mailbox[]): Branch[] {
  return flatten(mailboxTree(mailboxes)).filter(({ mailbox }) => mailbox.role === null);
}

export function unreadInside(branch: Branch): number {
  return flatten(branch.children).reduce((sum, { mailbox }) => sum + mailbox.unread_emails, 0);
}
