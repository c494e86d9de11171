"""Mailboxes by their path. The inbox is INBOX whatever it is called elsewhere; levels are joined by `/`."""

from __future__ import annotations

from collections.abc import Iterable
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


class Folders:
    """One account's mailboxes at one moment, in the order a person sees them."""

    def __init__(self, rows: Iterable[MailboxRow]) -> None:
        by_id = {row.id: row for row in rows}
        self.by_path: dict[str, MailboxRow] = {}
        for row in by_id.values():
            self.by_path.setdefault(_path(row, by_id), row)
        self.parents = {row.parent_id for row in by_id.values() if row.parent_id is not None}

    def find(self, path: str) -> MailboxRow | None:
        return self.by_path.get(path)

    def children_of(self, path: str) -> list[str]:
        return [name for name in self.by_path if name.startswith(path + SEPARATOR)]


def _path(row: MailboxRow, by_id: dict[int, MailboxRow]) -> str:
    levels: list[str] = []
    step: MailboxRow | None = row
    while step is not None and len(levels) < _MAX_LEVELS:
        levels.append(INBOX if step.role == "inbox" and step.parent_id is None else step.name)
        step = by_id.get(step.parent_id) if step.parent_id is not None else None
    return SEPARATOR.join(reversed(levels))
