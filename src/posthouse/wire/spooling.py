"""Where what is too large for memory goes while it comes: what a reader asks of whoever keeps it (base/spool.py)."""

from __future__ import annotations

from typing import Protocol

SPOOL_FROM_BYTES = 1024 * 1024
"""So much of a message stays in memory at most where there is a spool, but for a line that is longer."""


class SpoolFile(Protocol):
    """What is written comes back, as if it were bytes, from `finish`. Raises OSError where there is no room."""

    def write(self, data: bytes) -> None: ...
    def finish(self) -> object: ...
    def close(self) -> None: ...


class Spool(Protocol):
    @property
    def free(self) -> int: ...
    def open(self) -> SpoolFile: ...
