"""Mailboxes by their path. The inbox is INBOX whatever it is called elsewhere; levels are joined by `/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posthouse.mail.by_uid import MailboxRow

SEPARATOR = "/"
INBOX = "INBOX"
SPECIAL_USES = {
    "drafts": b"\\Drafts",
    "sent": b"\\Sent",
    "archive": b"\\Archive",
    "junk": b"\\Junk",
    "trash": b"\\Trash",
}
_MAX_LEVELS = 64
EMPTY: Mapping[int, str] = MappingProxyType({})


OTHER_USERS = "Other Users"
SHARED = "Shared"
"""Namespaces of accounts that are not one's own (RFC 2342): `Shared/support@example.org/INBOX`."""


class Folders:
    """Mailboxes at one moment, in the order a person sees them.

    Those of one account, or with `places` (account id to path) those of others behind them. `levels` are the paths that
    lead to these and are no mailboxes themselves.
    """

    def __init__(self, rows: Iterable[MailboxRow], places: Mapping[int, str] = EMPTY) -> None:
        by_id = {row.id: row for row in rows}
        self.by_path: dict[str, MailboxRow] = {}
        for row in by_id.values():
            place = places.get(row.account_id)
            path = _path(row, by_id)
            self.by_path.setdefault(path if place is None else f"{place}{SEPARATOR}{path}", row)
        self.parents = {row.parent_id for row in by_id.values() if row.parent_id is not None}
        self.lent = frozenset(places)
        above = [place.partition(SEPARATOR)[0] for place in places.values()]
        self.levels = [path for path in dict.fromkeys([*above, *places.values()]) if path not in self.by_path]

    def find(self, path: str) -> MailboxRow | None:
        return self.by_path.get(path)

    @cached_property
    def above_subscribed(self) -> frozenset[str]:
        """Paths below which somebody has subscribed to something."""
        found: set[str] = set()
        for path, row in self.by_path.items():
            above = path.rpartition(SEPARATOR)[0] if row.is_subscribed else ""
            while above and above not in found:
                found.add(above)
                above = above.rpartition(SEPARATOR)[0]
        return frozenset(found)


def _path(row: MailboxRow, by_id: dict[int, MailboxRow]) -> str:
    levels: list[str] = []
    step: MailboxRow | None = row
    while step is not None and len(levels) < _MAX_LEVELS:
        levels.append(INBOX if step.role == "inbox" and step.parent_id is None else step.name)
        step = by_id.get(step.parent_id) if step.parent_id is not None else None
    return SEPARATOR.join(reversed(levels))
