"""What a search says about an e-mail beside its words, as a condition in SQL on the small rows."""

from __future__ import annotations

from functools import partial

from posthouse.base import sql
from posthouse.mail import flags as flag
from posthouse.mail.queries import HIDDEN_ROLES
from posthouse.search import conditions
from posthouse.search.conditions import ALWAYS, NEVER, Condition
from posthouse.search.tree import Age, Has, In, Leaf, MessageId, Node, Received, Size, State

_BITS = {
    "unread": (flag.SEEN, False),
    "read": (flag.SEEN, True),
    "starred": (flag.FLAGGED, True),
    "answered": (flag.ANSWERED, True),
    "forwarded": (flag.FORWARDED, True),
    "draft": (flag.DRAFT, True),
}
_KEYWORDS = {"important": "$important", "muted": "$muted"}
_INSIDE = "EXISTS (SELECT 1 FROM mail_placement p WHERE p.email_id = e.id AND p.mailbox_id"


def condition(account_id: int, node: Node) -> Condition:
    """For a tree of facts, on the e-mail `e`."""
    return conditions.condition(node, partial(_of_leaf, account_id))


def _of_leaf(account_id: int, leaf: Leaf) -> Condition:
    """What is said of messages in conversations fits no e-mail."""
    match leaf:
        case State(name) if name in _BITS:
            bit, is_set = _BITS[name]
            return Condition(f"(e.flags & {bit}) {'<>' if is_set else '='} 0", [])
        case State(name) if name in _KEYWORDS:
            return Condition("(' ' || e.keywords || ' ') LIKE %s", [f"% {_KEYWORDS[name]} %"])
        case Has("attachment"):
            return Condition("e.has_attachment", [])
        case Has("userlabels" | "nouserlabels" as thing):
            no = "NOT " if thing == "nouserlabels" else ""
            text = (
                f"{no}{_INSIDE} IN (SELECT m.id FROM mail_mailbox m WHERE m.account_id = %s AND m.role = ''))"
            )
            return Condition(text, [account_id])
        case In(name):
            if leaf.is_conversation:
                return NEVER
            return ALWAYS if leaf.is_anywhere else inside(mailboxes_named(account_id, name))
        case Received() | Age():
            low_ms, high_ms = conditions.span_of(leaf)
            return Condition("e.received_at >= %s AND e.received_at < %s", [low_ms, high_ms])
        case Size(is_larger, size_bytes):
            return Condition(f"e.size_bytes {'>' if is_larger else '<'} %s", [size_bytes])
        case MessageId(value):
            return Condition("e.message_id = %s", [value])
    return NEVER


def inside(mailbox_ids: list[int]) -> Condition:
    return Condition(f"{_INSIDE} IN ({sql.marks(mailbox_ids)}))", list(mailbox_ids)) if mailbox_ids else NEVER


def shown(account_id: int) -> Condition:
    """Somewhere else than in Trash and Junk, which are searched only when they are named."""
    return Condition(
        f"{_INSIDE} NOT IN (SELECT m.id FROM mail_mailbox m WHERE m.account_id = %s AND m.role IN (%s, %s)))",
        [account_id, *HIDDEN_ROLES],
    )


def mailboxes_named(account_id: int, name: str) -> list[int]:
    """The mailboxes one may mean: by role, by name, or by the path to it; blanks may be written as dashes."""
    wanted = name.lower()
    wanted = {"spam": "junk", "bin": "trash"}.get(wanted, wanted)
    rows = sql.rows("SELECT id, parent_id, name, role FROM mail_mailbox WHERE account_id = %s", [account_id])
    by_id = {row[0]: row for row in rows}
    found = []
    for mailbox_id, parent_id, own_name, role in rows:
        path = own_name.lower()
        names = {role, path}
        while parent_id in by_id:
            path = f"{by_id[parent_id][2].lower()}/{path}"
            parent_id = by_id[parent_id][1]
            names.add(path)
        dashed = {one.replace(" ", "-") for one in names}
        if wanted in names | dashed | {one.replace("/", "-") for one in dashed}:
            found.append(mailbox_id)
    return found
