"""How much a person keeps in files of conversations. Whose storage that is, a room above says, which knows of mail too.

Counted is what somebody brought, sent or not, until its message is deleted or forgotten. A file that is sent on has the
same content and counts once; what people outside brought by mail counts for nobody.
"""

from __future__ import annotations

from collections.abc import Callable

from posthouse.base import sql

Check = Callable[[int, Callable[[], int]], None]
"""Given a person and how to count what they will keep; raises Limited (over_quota)."""

_check: Check | None = None


def counted_by(check: Check) -> None:
    """Once at start."""
    global _check
    _check = check


def used_bytes(user_id: int) -> int:
    found = sql.row(
        "SELECT coalesce(sum(size_bytes), 0) FROM conversations_file WHERE user_id = %s", [user_id]
    )
    return int(found[0]) if found else 0


def check(user_id: int, more_bytes: int) -> None:
    """Before so much comes; raises Limited (over_quota)."""
    if _check is not None:
        _check(user_id, lambda: used_bytes(user_id) + more_bytes)
