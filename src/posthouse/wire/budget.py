"""How many bytes of messages on their way in a process holds: one budget for all connections of a kind."""

from __future__ import annotations


class Budget:
    """Bytes of message that all sessions of a process may hold at once; what is taken must be given back."""

    __slots__ = ("_free", "total")

    def __init__(self, total: int) -> None:
        self.total = total
        self._free = total

    @property
    def free(self) -> int:
        return self._free

    def take(self, count: int) -> bool:
        if count > self._free:
            return False
        self._free -= count
        return True

    def give(self, count: int) -> None:
        self._free += count
