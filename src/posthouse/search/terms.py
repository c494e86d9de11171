"""Every token of an account once, in memory: which of them hold a part of a word.

An account's tokens are one text with a line for each, and are looked through at the speed of memory: SQLite's GLOB
over the same rows takes some twenty times as long. They are read when the account is first asked about, and kept until
there are too many bytes; the one asked for the longest ago goes first.

Invariants
- Who reads them from the file and who writes new ones hold the index's lock, so that none falls between.
- What is here may be more than is in the file (a write that was undone), and is never less.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

KEPT_BYTES = 16 << 20
_PIECES = 64
"""So many pieces of what came later are joined."""


class Terms:
    def __init__(self) -> None:
        self._kept: OrderedDict[int, list[bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, account: int) -> list[bytes] | None:
        """Texts of whole lines, with a line end in front and behind; None where they are not here."""
        with self._lock:
            found = self._kept.get(account)
            if found is None:
                return None
            self._kept.move_to_end(account)
            return list(found)

    def keep(self, account: int, tokens: bytes) -> list[bytes]:
        """Those that are in the file, a line each; gives what `of` does. One account's may be too many to be kept."""
        made = [b"\n%b\n" % tokens]
        with self._lock:
            self._kept[account] = list(made)
            while self._size() > KEPT_BYTES:
                self._kept.popitem(last=False)
        return made

    def add(self, account: int, tokens: Iterable[str]) -> None:
        """Before they are committed, so that no search finds an e-mail and not its words."""
        with self._lock:
            kept = self._kept.get(account)
            if kept is None:
                return
            kept.append(b"\n%b\n" % "\n".join(tokens).encode())
            if len(kept) > _PIECES:
                kept[:] = [b"".join(kept)]

    def forget(self, account: int | None = None) -> None:
        """One account's, or all."""
        with self._lock:
            if account is None:
                self._kept.clear()
            else:
                self._kept.pop(account, None)

    def _size(self) -> int:
        return sum(len(text) for texts in self._kept.values() for text in texts)


def holding(texts: Iterable[bytes], part: str, *, at_end: bool, most: int) -> list[str]:
    """The tokens with a part in them, or at their end; when there are more than `most`, some of them."""
    needle = part.encode() + b"\n" * at_end
    found: set[bytes] = set()
    for text in texts:
        at = text.find(needle)
        while at >= 0 and len(found) <= most:
            end = text.index(b"\n", at)
            found.add(text[text.rindex(b"\n", 0, at + 1) + 1 : end])
            at = text.find(needle, end)
    return [token.decode() for token in sorted(found)]
