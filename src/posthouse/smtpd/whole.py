"""The message as it is kept: what we write stands before what came. A large one is not in memory (base/spool.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from posthouse.base import db
from posthouse.base.errors import Unavailable
from posthouse.base.spool import NoRoom, Spooled

LARGE_AT_ONCE = 1
"""Large messages that one door works on at a time: each is read several times, and fills the system's cache."""


async def whole(head: bytes, content: bytes, *, clean: Callable[[bytes], bytes]) -> bytes:
    """`head` and the content, in whose header `clean` drops what only we may write; spooled where the content is.

    Raises Unavailable.
    """
    if not isinstance(content, Spooled):
        return head + clean(content)
    end = -4 if content.startswith(b"\r\n") else content.find(b"\r\n\r\n")
    start = len(content) if end == -1 else end + 4
    try:
        return cast(bytes, await db.reading(content.with_head, head + clean(content[:start]), start))
    except NoRoom as error:
        raise Unavailable("storage_unavailable", "There is no room for large messages just now.") from error
