"""A message as it goes out: what of it decides how it is said, and its bytes in blocks.

A large one is the map of a file (base/spool.py) and stays there: nothing here makes a copy of all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from posthouse.base.errors import Unavailable
from posthouse.base.spool import NoRoom, Spooled
from posthouse.wire.smtp.content import has_bare_bytes

BLOCK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`has_bare_bytes`: CR or LF alone, or NUL, which lines cannot carry."""

    is_8bit: bool
    has_8bit_header: bool
    has_bare_bytes: bool


def form_of(message: bytes) -> Form:
    is_8bit = has_bare = False
    carried = b""
    for block in blocks(message):
        is_8bit = is_8bit or not block.isascii()
        carried += block
        if carried.endswith(b"\r"):  # its LF may begin the next
            block, carried = carried[:-1], b"\r"
        else:
            block, carried = carried, b""
        has_bare = has_bare or has_bare_bytes(block)
    return Form(
        is_8bit=is_8bit,
        has_8bit_header=is_8bit and not _header(message).isascii(),
        has_bare_bytes=has_bare or bool(carried),
    )


def _header(message: bytes) -> bytes:
    end = message.find(b"\r\n\r\n")
    return message[:] if end < 0 else message[:end]


def blocks(message: bytes) -> Iterator[bytes]:
    for at in range(0, len(message), BLOCK_BYTES):
        yield message[at : at + BLOCK_BYTES]
        let_go(message)


def dotted(message: bytes) -> Iterator[bytes]:
    """Blocks of whole lines, their leading dots doubled (RFC 5321 §4.5.2); lines end in CRLF."""
    at = 0
    while at < len(message):
        stop = message.find(b"\n", at + BLOCK_BYTES) + 1 or len(message)
        block = message[at:stop]
        if block.startswith(b"."):
            block = b"." + block
        yield block.replace(b"\r\n.", b"\r\n..")
        let_go(message)
        at = stop


def under(head: bytes, message: bytes, start: int = 0) -> bytes:
    """A head of ours on top of the message, or of what lies behind `start`. Raises Unavailable."""
    if not isinstance(message, Spooled):
        return head + message[start:]
    try:
        return cast(bytes, message.with_head(head, start))
    except NoRoom as error:
        raise Unavailable("storage_unavailable", "There is no room for large messages just now.") from error


def let_go(message: bytes) -> None:
    """Give back the memory by which a file was read."""
    if isinstance(message, Spooled):
        message.let_go()
