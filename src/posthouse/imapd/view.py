"""What one session knows of its mailbox: which UID has which message number (RFC 9051 §2.3.1.2, §7.5).

Invariants
- `uids` is exactly what the client was told; numbers change only by the lines `apply` gives out.
- A message that vanished keeps its number until a command that may carry EXPUNGE; none is given while a
  client that uses message numbers waits for FETCH, STORE or SEARCH (§7.5.1).
- Everything that happened in the mailbox up to `modseq` is in `uids`, in `_gone`, or was told.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from posthouse.imapd.flags import Flagged, flags_text
from posthouse.wire.imap.sequence import SequenceSet, compact

if TYPE_CHECKING:
    from posthouse.mail.by_uid import ViewChanges
    from posthouse.mail.marks import Marks


_MANY = 8
"""From one in so many on, a table of all numbers is made sooner than each is looked for."""


class Manner(NamedTuple):
    """How a session is told of changes, by what it has enabled.

    `with_modseq`: FETCH carries MODSEQ (RFC 7162 §3.1). `as_vanished`: VANISHED in place of EXPUNGE (§3.2.10).
    `with_uid`: every FETCH names the UID. `is_uid_only`: UIDFETCH and never a message number (RFC 9586).
    """

    with_modseq: bool = False
    as_vanished: bool = False
    with_uid: bool = False
    is_uid_only: bool = False


class Told(Flagged, Protocol):
    """A row whose flags are told."""

    @property
    def uid(self) -> int: ...
    @property
    def modseq(self) -> int: ...


class View:
    __slots__ = (
        "_gone",
        "_told",
        "account_id",
        "hinted",
        "is_read_only",
        "mailbox_id",
        "modseq",
        "synced",
        "uidnext",
        "uids",
        "uidvalidity",
    )

    def __init__(
        self,
        *,
        account_id: int,
        mailbox_id: int,
        uidvalidity: int,
        uidnext: int,
        modseq: int,
        uids: Iterable[int],
        is_read_only: bool,
    ) -> None:
        self.account_id = account_id
        self.mailbox_id = mailbox_id
        self.uidvalidity = uidvalidity
        self.uidnext = uidnext
        self.modseq = modseq
        self.uids = array("I", uids)
        self.is_read_only = is_read_only
        self.hinted = self.synced = modseq
        self._gone: set[int] = set()
        self._told: dict[int, int] = {}

    # --- numbers ----------------------------------------------------------------------------------

    def number_of(self, uid: int) -> int:
        """The message number of a UID, 0 for one that the client does not know."""
        index = bisect_left(self.uids, uid)
        return index + 1 if index < len(self.uids) and self.uids[index] == uid else 0

    def numbers_of(self, uids: Sequence[int]) -> Sequence[int]:
        """The same of several, in their order."""
        if len(uids) < len(self.uids) // _MANY:
            return [self.number_of(uid) for uid in uids]
        if len(uids) == len(self.uids) and array("I", uids) == self.uids:
            return range(1, len(uids) + 1)
        number_of = dict(zip(self.uids, range(1, len(self.uids) + 1), strict=True))
        return [number_of.get(uid, 0) for uid in uids]

    def uids_at(self, indexes: Sequence[int]) -> Sequence[int]:
        if isinstance(indexes, range):
            return self.uids[indexes.start : indexes.stop]
        return [self.uids[index] for index in indexes]

    def indexes(self, numbers: SequenceSet, *, is_uid: bool, saved: Sequence[int] = ()) -> Sequence[int]:
        """Positions in `uids`, ascending, each once; unknown UIDs and numbers beyond the end are left out."""
        if numbers.is_saved:
            return [number - 1 for number in map(self.number_of, saved) if number]
        uids = self.uids
        if not is_uid:
            spans = [(low - 1, min(high, len(uids))) for low, high in numbers.resolve(len(uids))]
        else:
            largest = uids[-1] if uids else 0
            spans = [
                (bisect_left(uids, low), bisect_right(uids, high)) for low, high in numbers.resolve(largest)
            ]
        if len(spans) == 1:
            return range(*spans[0])
        return [index for low, high in spans for index in range(low, high)]

    def names_beyond_end(self, numbers: SequenceSet) -> bool:
        """Whether a message number is too high, which is a client's error (RFC 9051 §9, seq-number)."""
        resolved = numbers.resolve(len(self.uids))
        if not self.uids:
            return not numbers.is_saved
        return bool(resolved) and resolved[-1][1] > len(self.uids)

    # --- news -------------------------------------------------------------------------------------

    @property
    def is_behind(self) -> bool:
        """There was a hint since the last look."""
        return self.hinted > self.synced

    @property
    def has_untold(self) -> bool:
        return bool(self._gone)

    def told(self, uids: Sequence[int], modseqs: Sequence[int]) -> None:
        """The client knows these e-mails as they are: say nothing when the log names them."""
        self._told.update(zip(uids, modseqs, strict=True))

    def passed_over(self, first: int, last: int) -> None:
        """Take note of our own changes to other mailboxes, with the account's numbers from first to last.

        Where nobody else's number lies between the last look and them, there is no reason to look again.
        """
        if self.synced >= first - 1:
            self.synced = max(self.synced, last)

    def taken_out(self, uids: Iterable[int], modseq: int) -> None:
        """Take over that we have taken messages out, which nobody else's change precedes. `apply` tells of it."""
        self._gone.update(uid for uid in uids if self.number_of(uid))
        self.advance(modseq)

    def advance(self, modseq: int) -> None:
        """Take over a change of our own that nobody else's precedes."""
        self.modseq = max(self.modseq, modseq)
        self.synced = max(self.synced, modseq)

    def apply(
        self,
        changes: ViewChanges | None,
        *,
        may_expunge: bool,
        manner: Manner,
        upto: int = 0,
        with_flags: bool = True,
    ) -> list[bytes]:
        """Take in what changed and give the lines that tell it: EXPUNGE, then EXISTS, then FETCH.

        `upto` is the account's number at which the changes were asked for. Without changes, only what waited
        for permission to expunge is told. Without `with_flags` changes of flags are taken as told.
        """
        lines: list[bytes] = []
        known = len(self.uids)
        if changes is not None:
            self._gone.update(uid for uid in changes.vanished if self.number_of(uid))
        if may_expunge and self._gone:
            lines += self._expunge(manner)
            known = len(self.uids)
        if changes is None:
            return lines
        self.uids.extend(uid for uid, _ in changes.new)
        if len(self.uids) != known:
            lines.append(b"* %d EXISTS\r\n" % len(self.uids))
        for row in changes.changed if with_flags else ():
            number = self.number_of(row.uid)
            if number and row.uid not in self._gone and self._told.get(row.uid, -1) < row.modseq:
                lines.append(flags_line(number, row, with_uid=True, manner=manner))
        self._told.clear()
        self.uidnext = changes.uidnext
        self.modseq = max(self.modseq, changes.modseq)
        self.synced = max(self.synced, upto, self.modseq)
        return lines

    def _expunge(self, manner: Manner) -> list[bytes]:
        """From the last to the first, so that no number shifts under the next."""
        gone = sorted(self._gone, reverse=True)
        if manner.as_vanished:
            lines = [b"* VANISHED %b\r\n" % compact(reversed(gone))]
        else:
            lines = [b"* %d EXPUNGE\r\n" * len(gone) % tuple(self.numbers_of(gone))]
        if len(gone) == 1:
            del self.uids[bisect_left(self.uids, gone[0])]
        else:
            self.uids = array("I", [uid for uid in self.uids if uid not in self._gone])
        self._gone = set()
        return lines


def flags_line(number: int, row: Told, *, with_uid: bool, manner: Manner) -> bytes:
    """An untagged FETCH that tells the flags of one message."""
    modseq = b" MODSEQ (%d)" % row.modseq if manner.with_modseq else b""
    return row_line(number, row, b"FLAGS %b%b" % (flags_text(row), modseq), with_uid=with_uid, manner=manner)


def flags_lines(
    numbers: Sequence[int], marks: Marks, *, with_uid: bool, with_flags: bool, manner: Manner
) -> bytes:
    """The same of many, by one format; without flags only what their MODSEQ is."""
    columns: list[Iterable[int | bytes]] = [numbers]
    form = b"* %d FETCH ("
    if manner.is_uid_only:
        form, columns = b"* %d UIDFETCH (", [marks.uids]
    elif with_uid or manner.with_uid:
        form += b"UID %d "
        columns.append(marks.uids)
    items: list[bytes] = []
    if with_flags:
        texts = {number: flags_text(kind) for number, kind in marks.kinds.items()}
        if len(texts) == 1:
            items += [b"FLAGS " + text.replace(b"%", b"%%") for text in texts.values()]
        else:
            items.append(b"FLAGS %b")
            columns.append([texts[number] for number in marks.kind_numbers])
    if manner.with_modseq:
        items.append(b"MODSEQ (%d)")
        columns.append(marks.modseqs)
    line = form + b" ".join(items) + b")\r\n"
    return line * len(marks.uids) % tuple(chain.from_iterable(zip(*columns, strict=True)))


def row_line(number: int, row: Told, items: bytes, *, with_uid: bool, manner: Manner) -> bytes:
    """An untagged FETCH of some items, or UIDFETCH where message numbers are not spoken of (RFC 9586 §3.3)."""
    if manner.is_uid_only:
        return b"* %d UIDFETCH (%b)\r\n" % (row.uid, items)
    uid = b"UID %d " % row.uid if with_uid or manner.with_uid else b""
    return b"* %d FETCH (%b%b)\r\n" % (number, uid, items)
