"""What a client that was away has missed of a mailbox: the log asked with the client's own number (RFC 7162 §3.2).

It costs what changed. Where the log does not reach back so far, what is not there any more is found by what is there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from posthouse.base import sql
from posthouse.mail import by_uid
from posthouse.mail.by_uid import FlagsRow

Spans = list[tuple[int, int]]


class Missed(NamedTuple):
    """`vanished` are spans of UIDs that are not there, ascending; `changed` are rows, by UID."""

    vanished: Spans
    changed: list[FlagsRow]


class Known(NamedTuple):
    """A mailbox as a session sees it: nothing that happened after `modseq` is in `uids`."""

    account_id: int
    mailbox_id: int
    uidnext: int
    modseq: int
    uids: Sequence[int]


def reaches_back(account_id: int, since: int) -> bool:
    """Whether the log holds all that vanished after a number."""
    found = sql.row("SELECT modseq, horizon FROM mail_account WHERE id = %s", [account_id])
    return found is not None and found[1] <= since <= found[0]


def missed(known: Known, *, since: int, within: Spans | None, same_to: int = 0) -> Missed:
    """What happened after `since`, to UIDs of `within` only if it is given.

    Not what happened after `known`: a client that was told of it would take its number, and never hear of what came in
    between. Up to the UID `same_to` the client is known to have what we have.
    """
    spans = within if within is not None else [(1, known.uidnext - 1)]
    if since > known.modseq or not reaches_back(known.account_id, since):
        vanished = _gaps(known, spans, above=same_to)
    else:
        vanished = _vanished(known, since, spans)
    if since > known.modseq:  # from another life of this mailbox: nothing is sure
        rows = by_uid.flags_of(known.mailbox_id)
    else:
        rows = by_uid.changed_since(
            known.mailbox_id, account_id=known.account_id, uidnext=known.uidnext, modseq=since
        )
    here = _Within(spans)
    return Missed(vanished, [row for row in rows if row.modseq <= known.modseq and here.has(row.uid)])


def vanished_since(known: Known, *, since: int, within: Spans) -> Spans:
    """Of the UIDs asked for those that are not there and were perhaps when the log stood at `since`."""
    if since > known.modseq or not reaches_back(known.account_id, since):
        return _gaps(known, within)
    return _vanished(known, since, within)


def _vanished(known: Known, since: int, spans: Spans) -> Spans:
    here = _Within(spans)
    rows = by_uid.vanished_since(known.mailbox_id, account_id=known.account_id, modseq=since)
    return joined(uid for uid in rows if here.has(uid) and not _has(known.uids, uid))


class _Within:
    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._lows = [low for low, _ in spans]

    def has(self, uid: int) -> bool:
        at = bisect_right(self._lows, uid) - 1
        return at >= 0 and uid <= self._spans[at][1]


def _has(uids: Sequence[int], uid: int) -> bool:
    at = bisect_right(uids, uid) - 1
    return at >= 0 and uids[at] == uid


def _gaps(known: Known, spans: Spans, *, above: int = 0) -> Spans:
    """What of the spans is not among the UIDs that there were so far."""
    gaps: Spans = []
    uids = known.uids
    for low, high in spans:
        low, high = max(low, above + 1), min(high, known.uidnext - 1)
        for uid in uids[bisect_right(uids, low - 1) : bisect_right(uids, high)]:
            if uid > low:
                gaps.append((low, uid - 1))
            low = uid + 1
        if low <= high:
            gaps.append((low, high))
    return gaps


def joined(uids: Iterable[int]) -> Spans:
    """Ascending UIDs as spans."""
    spans: Spans = []
    for uid in uids:
        if spans and uid == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], uid)
        else:
            spans.append((uid, uid))
    return spans
