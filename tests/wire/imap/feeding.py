"""Ways to feed a framer: whole, byte by byte, in pieces."""

from __future__ import annotations

from collections.abc import Iterable

from posthouse.wire.imap.framing import Event, Framed, Framer
from posthouse.wire.imap.limits import Limits, after_login

LIMITS = after_login(append_bytes=1_000_000)


def events(data: bytes, *, limits: Limits = LIMITS, sizes: Iterable[int] | None = None) -> list[Event]:
    """Everything the framer says, fed in pieces of the given sizes (None: all at once)."""
    framer = Framer(limits)
    said: list[Event] = []
    for piece in _pieces(data, sizes):
        framer.feed(piece)
        while (event := framer.next_command()) is not None:
            said.append(event)
    return said


def framed(data: bytes) -> Framed:
    """The one command in `data`."""
    found = [event for event in events(data) if isinstance(event, Framed)]
    assert len(found) == 1, found
    return found[0]


def _pieces(data: bytes, sizes: Iterable[int] | None) -> Iterable[bytes]:
    at = 0
    for size in sizes or ():
        if at >= len(data):
            return
        yield data[at : at + max(size, 1)]
        at += max(size, 1)
    yield data[at:]
