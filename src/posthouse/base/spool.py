"""Content too large to be held in memory while it comes: it grows in a file without a name and is read through its map.

The file goes with the last who reads it, also with the process. `Spooled` stands in for bytes wherever a message is
read (find, count, startswith, slices, buffers); what would make a copy of all of it, as adding, it does not have.
"""

from __future__ import annotations

import mmap
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from posthouse.wire.budget import Budget

PIECE_BYTES = 1024 * 1024


class NoRoom(OSError):
    """All that may be spooled at a time is; or the disk is full."""


class Spooled(mmap.mmap):
    """Whole and unchanging."""

    spool: Spool

    def with_head(self, head: bytes, start: int) -> Spooled:
        """Another content: `head`, and what of this one lies behind `start`. Raises NoRoom."""
        made = self.spool.open()
        try:
            made.write(head)
            for piece in self.pieces(start):
                made.write(piece)
            return made.finish()
        except BaseException:
            made.close()
            raise

    def startswith(self, prefix: bytes | tuple[bytes, ...], start: int = 0) -> bool:
        longest = max(map(len, prefix)) if isinstance(prefix, tuple) else len(prefix)
        return self[start : start + longest].startswith(prefix)

    def count(self, wanted: bytes, start: int = 0, end: int | None = None) -> int:
        """Of one byte: a longer one could lie on two pieces."""
        if len(wanted) != 1:
            raise ValueError("only single bytes are counted")
        stop = len(self) if end is None else min(end, len(self))
        return sum(
            self[at : min(at + PIECE_BYTES, stop)].count(wanted) for at in range(start, stop, PIECE_BYTES)
        )

    def pieces(self, start: int = 0) -> Iterator[bytes]:
        """All from `start` on, and none of it left in memory behind."""
        for at in range(start, len(self), PIECE_BYTES):
            yield self[at : at + PIECE_BYTES]
            self.let_go()

    def let_go(self) -> None:
        """Give the pages that were read back to the system; they are read anew when they are wanted."""
        self.madvise(mmap.MADV_DONTNEED)


class SpoolFile:
    """One content on its way in. Write, then `finish` or `close`."""

    def __init__(self, file: IO[bytes], spool: Spool, budget: Budget) -> None:
        self._file = file
        self._spool = spool
        self._budget = budget
        self._size = 0

    def write(self, data: bytes) -> None:
        """Raises NoRoom."""
        if not self._budget.take(len(data)):
            raise NoRoom("the spool is full")
        self._size += len(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise NoRoom(error.errno, "the disk is full") from error

    def finish(self) -> Spooled:
        """Raises NoRoom."""
        try:
            self._file.flush()
        except OSError as error:
            raise NoRoom(error.errno, "the disk is full") from error
        content = Spooled(self._file.fileno(), self._size, access=mmap.ACCESS_READ)
        content.spool = self._spool
        weakref.finalize(content, self._budget.give, self._size)
        self._size = 0
        self._file.close()
        return content

    def close(self) -> None:
        self._budget.give(self._size)
        self._size = 0
        self._file.close()


class Spool:
    """Where contents of one process grow; `budget` is what all of them may take of the disk."""

    def __init__(self, folder: Path, *, budget: Budget) -> None:
        self._folder = folder
        self._budget = budget

    @property
    def free(self) -> int:
        return self._budget.free

    def open(self) -> SpoolFile:
        """Raises NoRoom."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 closed by its SpoolFile
        except OSError as error:
            raise NoRoom(error.errno, "the spool cannot be written") from error
        return SpoolFile(cast("IO[bytes]", file), self, self._budget)
