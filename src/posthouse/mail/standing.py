"""Mailboxes as they stand, kept in memory: which UID is which e-mail, its flags, size, date and number in the log.

A handful of arrays, some 40 bytes an e-mail and as much again where it is searched, brought up to date by the log: what
it costs depends on what changed, not on how large the mailbox is. IMAP opens mailboxes, lists flags and looks for
flags, dates and sizes in it. The mailboxes not looked at for the longest time go when there are too many e-mails.

Invariants
- Everything of a `Standing` is read and changed under its `lock`, by threads that may wait for the database; the event
  loop only tries the lock.
- The arrays are of one length, `uids` ascend.
- It holds all that the log has up to `modseq`, and of what is newer perhaps some.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from posthouse.base import sql
from posthouse.base.errors import Missing
from posthouse.mail import by_uid
from posthouse.mail.by_uid import FlagsRow

KEPT_EMAILS, KEPT_MAILBOXES = 500_000, 2_000
MAX_KINDS = 60_000
_MAX_SIZE = 2**32 - 1
Value = TypeVar("Value")
_FEW = 32
"""So many are taken out of the arrays one by one."""


_COLUMNS = ("uids", "email_ids", "kind_numbers", "modseqs", "sizes", "received_at_ms")


class Kind(NamedTuple):
    """A combination of flags; the same few come again and again, so an e-mail holds the number of its own."""

    flags: int
    keywords: str
    is_deleted: bool


class Standing:
    """See the head of the file. `sizes` are bytes, `received_at_ms` milliseconds since the epoch."""

    __slots__ = (
        "_kind_numbers",
        "_snapshot",
        "email_ids",
        "kind_numbers",
        "kinds",
        "lock",
        "mailbox_id",
        "mark",
        "modseq",
        "modseqs",
        "received_at_ms",
        "sizes",
        "uidnext",
        "uids",
        "uidvalidity",
    )

    def __init__(self, mailbox_id: int) -> None:
        self.mailbox_id = mailbox_id
        self.lock = threading.Lock()
        self.mark = 0
        self.uidvalidity = self.uidnext = 0
        self.modseq = -1
        self._clear()

    def _clear(self) -> None:
        self.uids, self.email_ids = array("I"), array("q")
        self.kind_numbers, self.modseqs = array("H"), array("q")
        self.sizes, self.received_at_ms = array("I"), array("q")
        self.kinds: list[Kind] = []
        self._kind_numbers: dict[Kind, int] = {}
        self._snapshot: Standing | None = None

    def refresh(self, *, mark: int = 0) -> None:
        """Take in what happened since; `mark` is the hub's, read before. Raises Missing. Under the lock."""
        head = sql.row(
            "SELECT m.account_id, m.uidvalidity, m.uidnext, m.modseq, a.horizon FROM mail_mailbox m"
            " JOIN mail_account a ON a.id = m.account_id WHERE m.id = %s",
            [self.mailbox_id],
        )
        if head is None:
            forget(self.mailbox_id)
            raise Missing()
        account_id, uidvalidity, uidnext, modseq, horizon = head
        if uidvalidity != self.uidvalidity or self.modseq < horizon or len(self.kinds) > MAX_KINDS:
            self._load(uidnext)
        elif modseq != self.modseq:
            self._follow(account_id, uidnext)
        self.uidvalidity, self.uidnext, self.modseq = uidvalidity, uidnext, modseq
        self.mark = max(self.mark, mark)

    def _load(self, uidnext: int) -> None:
        self._clear()
        self.modseq = -1
        self._append(row for row in by_uid.flags_of(self.mailbox_id) if row.uid < uidnext)

    def _follow(self, account_id: int, uidnext: int) -> None:
        changes = by_uid.view_changes(
            self.mailbox_id, account_id=account_id, uidnext=self.uidnext, modseq=self.modseq
        )
        self.take_out(changes.vanished)
        for row in changes.changed:
            index = self.index_of(row.uid)
            if index >= 0:
                self.kind_numbers[index] = self._number_of(row)
                self.modseqs[index] = row.modseq
        new = [uid for uid, _ in changes.new if uid < uidnext]
        self._append(by_uid.flags_of(self.mailbox_id, new) if new else ())

    def _append(self, rows: Iterable[FlagsRow]) -> None:
        for row in rows:
            self.uids.append(row.uid)
            self.email_ids.append(row.email_id)
            self.kind_numbers.append(self._number_of(row))
            self.modseqs.append(row.modseq)
            self.sizes.append(min(row.size_bytes, _MAX_SIZE))
            self.received_at_ms.append(row.received_at_ms)

    def take_out(self, uids: Sequence[int]) -> None:
        """UIDs that are not in the mailbox any more, ascending; it may never have known some."""
        columns = [getattr(self, name) for name in _COLUMNS]
        gone = self.places_of(uids)
        if isinstance(gone, range):
            for column in columns:
                del column[gone.start : gone.stop]
            return
        if len(gone) <= _FEW:
            for index in sorted(gone, reverse=True):
                for column in columns:
                    del column[index]
            return
        stay = sorted(set(range(len(self.uids))).difference(gone))
        for column in columns:
            column[:] = array(column.typecode, map(column.__getitem__, stay))

    def _number_of(self, row: FlagsRow) -> int:
        return self._number_of_kind(Kind(row.flags, row.keywords, bool(row.is_deleted)))

    def _number_of_kind(self, kind: Kind) -> int:
        number = self._kind_numbers.get(kind)
        if number is None:
            number = self._kind_numbers[kind] = len(self.kinds)
            self.kinds.append(kind)
        return number

    def mark_as(
        self, uids: Sequence[int], numbers: Sequence[int], kinds: Mapping[int, Kind], modseq: int
    ) -> None:
        """UIDs that are all here, ascending, and what each is from this number on; `kinds` explains `numbers`."""
        own = {number: self._number_of_kind(kinds[number]) for number in set(numbers)}
        places = self.places_of(uids)
        if isinstance(places, range):
            self.kind_numbers[places.start : places.stop] = array("H", map(own.__getitem__, numbers))
            self.modseqs[places.start : places.stop] = array("q", [modseq]) * len(places)
            return
        for at, number in zip(places, numbers, strict=True):
            self.kind_numbers[at], self.modseqs[at] = own[number], modseq

    # --- reading, under the lock ----------------------------------------------------------------

    def snapshot(self) -> Standing:
        """As it is now, for readers who change nothing and need no lock. The same one until something changes."""
        if self._snapshot is None or self._snapshot.modseq != self.modseq:
            made = self._snapshot = Standing(self.mailbox_id)
            for name in _COLUMNS:
                setattr(made, name, getattr(self, name)[:])
            made.kinds, made.modseq = self.kinds[:], self.modseq
        return self._snapshot

    def index_of(self, uid: int) -> int:
        """Where a UID is in the arrays, -1 where it is not."""
        index = bisect_left(self.uids, uid)
        return index if index < len(self.uids) and self.uids[index] == uid else -1

    def places_of(self, uids: Sequence[int]) -> Sequence[int]:
        """The places of ascending UIDs; those that are gone are left out."""
        if not uids:
            return ()
        if not isinstance(uids, array):
            uids = array("I", uids)
        first = bisect_left(self.uids, uids[0])
        last = first + len(uids)
        if self.uids[first:last] == uids:  # what clients ask most: a run of neighbours
            return range(first, last)
        return [place for place in map(self.index_of, uids) if place >= 0]

    def rows_at(self, places: Iterable[int]) -> list[FlagsRow]:
        kinds, numbers = self.kinds, self.kind_numbers
        return [
            FlagsRow(
                self.uids[at],
                self.email_ids[at],
                *kinds[numbers[at]],
                self.modseqs[at],
                self.sizes[at],
                self.received_at_ms[at],
            )
            for at in places
        ]


def taken(values: Sequence[Value], places: Sequence[int]) -> Sequence[Value]:
    """The values of one column at some places; of neighbours a slice."""
    if isinstance(places, range):
        return values[places.start : places.stop]
    return [values[at] for at in places]


_kept: OrderedDict[int, Standing] = OrderedDict()
_lock = threading.Lock()


@contextmanager
def standing(mailbox_id: int, *, mark: int = 0) -> Iterator[Standing]:
    """The mailbox as it stands now, under its lock. Raises Missing."""
    with _lock:
        found = _kept.get(mailbox_id)
        is_new = found is None
        if found is None:
            found = _kept[mailbox_id] = Standing(mailbox_id)
        _kept.move_to_end(mailbox_id)
    with found.lock:
        found.refresh(mark=mark)
        yield found
    if is_new:
        _drop_oldest()


@contextmanager
def known(mailbox_id: int) -> Iterator[Standing | None]:
    """The mailbox as it is known without asking the database, if it is and nobody holds it. For the event loop."""
    found = _kept.get(mailbox_id)
    if found is None or not found.lock.acquire(blocking=False):
        yield None
        return
    try:
        yield found if found.modseq >= 0 else None
    finally:
        found.lock.release()


def follow(mailbox_id: int, *, since: int, upto: int, change: Callable[[Standing], None]) -> None:
    """Take in what a verb did that brought the mailbox from one number to another; for after its commit.

    Never waits: a mailbox that somebody holds, or that is not as far as `since`, follows when it is looked at.
    """
    with known(mailbox_id) as found:
        if found is not None and found.modseq == since and len(found.kinds) < MAX_KINDS:
            found.modseq = -1
            change(found)
            found.modseq = upto


def is_kept(mailbox_id: int) -> bool:
    found = _kept.get(mailbox_id)
    return found is not None and found.modseq >= 0


def forget(mailbox_id: int | None = None) -> None:
    """A mailbox that is gone, or all of them."""
    with _lock:
        if mailbox_id is None:
            _kept.clear()
        else:
            _kept.pop(mailbox_id, None)


def _drop_oldest() -> None:
    with _lock:
        total = sum(len(one.uids) for one in _kept.values())
        while len(_kept) > 1 and (total > KEPT_EMAILS or len(_kept) > KEPT_MAILBOXES):
            _, oldest = _kept.popitem(last=False)
            total -= len(oldest.uids)
