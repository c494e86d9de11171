"""What the e-mails of mailboxes have in a column, as it is searched and sorted by, kept in memory.

An e-mail never changes in these, so what is kept is right for ever: a mailbox that has others now than when it was
looked at last needs only those that are new. The first time it is read whole, each column as one text: that costs
half of what as many rows do, and the thread lets go of the interpreter while the database works. What was not asked
for the longest goes when there is too much.

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
from posthouse.mail.standing import Standing, taken

KEPT_BYTES = 64 << 20
FEW = 200
"""Of so many in a larger mailbox only their own texts are read."""
_BYTES_EACH = 80
"""About what a value takes beside its letters."""

Value = TypeVar("Value")


class Column(Generic[Value]):
    """What is made of a text that each e-mail has.

    `text` is SQL over mail_email as `e`, never null, `missing` what it is of e-mails that are gone. `make` takes the
    ids of e-mails and their texts.
    """

    def __init__(
        self, text: str, make: Callable[[Sequence[int], Sequence[str]], list[Value]], *, missing: str = ""
    ) -> None:
        self.text, self.make, self.missing = text, make, missing

    def of(self, mailbox: Standing) -> list[Value]:
        """The values of a mailbox's e-mails, in their order."""
        values: list[Value] = values_of(mailbox, self)[0]
        return values


def values_of(mailbox: Standing, *columns: Column[Any]) -> list[list[Any]]:
    """Of each column the values of a mailbox's e-mails, in their order; what is new to us is read by one statement."""
    kept: dict[Column[Any], _Kept] = {}
    with _lock:
        for column in columns:
            key = (mailbox.mailbox_id, column)
            if key in _kept and len(_kept[key].email_ids) * 2 >= len(mailbox.email_ids):
                _kept.move_to_end(key)
                kept[column] = _kept[key]
    made = _first(mailbox, [column for column in columns if column not in kept])
    made |= {
        column: _followed(column, one, mailbox.email_ids)
        for column, one in kept.items()
        if one.email_ids != mailbox.email_ids
    }
    if made:
        with _lock:
            _kept.update(((mailbox.mailbox_id, column), one) for column, one in made.items())
            _drop_oldest()
    return [(made.get(column) or kept[column]).values for column in columns]


def values_at(mailbox: Standing, places: Sequence[int], *columns: Column[Any]) -> list[Sequence[Any]]:
    """The same of the e-mails at some places."""
    if len(places) < FEW and len(places) * 2 < len(mailbox.uids):
        with _lock:
            is_kept = all((mailbox.mailbox_id, column) in _kept for column in columns)
        if not is_kept:
            ids = taken(mailbox.email_ids, places)
            return [column.make(ids, its) for column, its in zip(columns, _by_id(columns, ids), strict=True)]
    return [taken(values, places) for values in values_of(mailbox, *columns)]


class _Kept(NamedTuple):
    email_ids: array[int]
    values: list[Any]
    size_bytes: int


def _first(mailbox: Standing, columns: Sequence[Column[Any]]) -> dict[Column[Any], _Kept]:
    ids = mailbox.email_ids[:]
    texts = _whole(mailbox, columns) if columns and ids else None
    if texts is None:
        texts = _by_id(columns, ids)
    return {
        column: _Kept(ids, column.make(ids, its), _size_of(its))
        for column, its in zip(columns, texts, strict=True)
    }


def _followed(column: Column[Any], kept: _Kept, email_ids: array[int]) -> _Kept:
    if kept.email_ids == email_ids[: len(kept.email_ids)]:
        new = email_ids[len(kept.email_ids) :]
        (texts,) = _by_id([column], new)
        return _Kept(email_ids[:], kept.values + column.make(new, texts), kept.size_bytes + _size_of(texts))
    known = dict(zip(kept.email_ids, kept.values, strict=True))
    new = array("q", [email_id for email_id in email_ids if email_id not in known])
    (texts,) = _by_id([column], new)
    known.update(zip(new, column.make(new, texts), strict=True))
    size_bytes = (kept.size_bytes + _size_of(texts)) * len(email_ids) // max(1, len(known))
    return _Kept(email_ids[:], [known[email_id] for email_id in email_ids], size_bytes)


def _whole(mailbox: Standing, columns: Sequence[Column[Any]]) -> list[list[str]] | None:
    """All texts by one statement; None if the mailbox has moved on since it was looked at, or one text is two lines."""
    texts = ", ".join(f"{column.text} AS text{number}" for number, column in enumerate(columns))
    joined = ", ".join(sql.joined(f"text{number}") for number in range(len(columns)))
    row = sql.row(
        f"SELECT (SELECT modseq FROM mail_mailbox WHERE id = %s), {joined} FROM (SELECT {texts}"
        " FROM mail_placement p JOIN mail_email e ON e.id = p.email_id WHERE p.mailbox_id = %s ORDER BY p.uid) AS t",
        [mailbox.mailbox_id, mailbox.mailbox_id],
    )
    if row is None or row[0] != mailbox.modseq:
        return None
    found = [text.split("\n") for text in row[1:]]
    return found if all(len(its) == len(mailbox.email_ids) for its in found) else None


def _by_id(columns: Sequence[Column[Any]], email_ids: Sequence[int]) -> list[list[str]]:
    texts, gone = ", ".join(column.text for column in columns), [column.missing for column in columns]
    found: dict[int, list[str]] = {}
    for chunk in sql.chunks(email_ids if columns else ()):
        for email_id, *its in sql.rows(
            f"SELECT e.id, {texts} FROM mail_email e WHERE e.id IN ({sql.marks(chunk)})", chunk
        ):
            found[email_id] = its
    rows = [found.get(email_id, gone) for email_id in email_ids]
    return [[row[at] for row in rows] for at in range(len(columns))]


def _size_of(texts: Sequence[str]) -> int:
    return _BYTES_EACH * len(texts) + sys.getsizeof("".join(texts))


_kept: OrderedDict[tuple[int, Column[Any]], _Kept] = OrderedDict()
_lock = threading.Lock()


def forget() -> None:
    with _lock:
        _kept.clear()


def _drop_oldest() -> None:
    total = sum(one.size_bytes for one in _kept.values())
    while len(_kept) > 1 and total > KEPT_BYTES:
        _, oldest = _kept.popitem(last=False)
        total -= oldest.size_bytes
