"""What the e-mails of mailboxes have in a column, as it is searched and sorted by, kept in memory.

An e-mail never changes in these, so what is kept is right for ever: a mailbox that has others now than when it was
looked at last needs only those that are new. What was not asked for the longest goes when there is too much.

Invariants
- The lists given out are never changed, so readers need no lock.
"""

from __future__ import annotations

import sys
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from posthouse.base import sql

KEPT_BYTES = 48 << 20
_BYTES_EACH = 16

Value = TypeVar("Value")


class Column(Generic[Value]):
    """A column of mail_email and what is made of it; `missing` stands for e-mails that are gone."""

    def __init__(self, names: Sequence[str], make: Callable[..., Value], *, missing: Value) -> None:
        self.names, self.make, self.missing = tuple(names), make, missing

    def of(self, mailbox_id: int, email_ids: array[int]) -> list[Value]:
        """The values of a mailbox's e-mails, in their order."""
        key = (mailbox_id, self)
        with _lock:
            kept = _kept.get(key)
            if kept is not None:
                _kept.move_to_end(key)
        if kept is not None and kept.email_ids == email_ids:
            return kept.values
        made = self._followed(kept, email_ids)
        with _lock:
            _kept[key] = made
            _drop_oldest()
        return made.values

    def _followed(self, kept: _Kept | None, email_ids: array[int]) -> _Kept:
        if kept is not None and kept.email_ids == email_ids[: len(kept.email_ids)]:
            fresh = self._read(email_ids[len(kept.email_ids) :])
            new = [fresh.get(email_id, self.missing) for email_id in email_ids[len(kept.values) :]]
            return _Kept(email_ids[:], kept.values + new, kept.size_bytes + _size_of(new))
        known = {} if kept is None else dict(zip(kept.email_ids, kept.values, strict=True))
        known |= self._read([email_id for email_id in email_ids if email_id not in known])
        values = [known.get(email_id, self.missing) for email_id in email_ids]
        return _Kept(email_ids[:], values, _size_of(values))

    def _read(self, email_ids: Sequence[int]) -> dict[int, Value]:
        """Equal rows share what is made of them."""
        names, make = ", ".join(self.names), self.make
        made: dict[tuple[Any, ...], Value] = {}
        found: dict[int, Value] = {}
        for chunk in sql.chunks(email_ids):
            for email_id, *row in sql.rows(
                f"SELECT id, {names} FROM mail_email WHERE id IN ({sql.marks(chunk)})", chunk
            ):
                columns = tuple(row)
                value = made.get(columns)
                if value is None:
                    value = made[columns] = make(*columns)
                found[email_id] = value
        return found


class _Kept(NamedTuple):
    email_ids: array[int]
    values: list[Any]
    size_bytes: int


def _size_of(values: Sequence[Any]) -> int:
    """About the memory that is taken; equal ones count once."""
    size = _BYTES_EACH * len(values)
    for value in set(values):
        size += sys.getsizeof(value)
        if isinstance(value, tuple):
            size += sum(map(sys.getsizeof, value))
    return size


_kept: OrderedDict[tuple[int, Column[Any]], _Kept] = OrderedDict()
_lock = threading.Lock()


def _drop_oldest() -> None:
    total = sum(one.size_bytes for one in _kept.values())
    while len(_kept) > 1 and total > KEPT_BYTES:
        _, oldest = _kept.popitem(last=False)
        total -= oldest.size_bytes
