"""The order of messages and their threads (RFC 5256, RFC 5957). Runs in a reading thread.

Keys come from the columns of the e-mails (mail/columns.py) or from the mailbox in memory.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson

from posthouse.base.errors import Missing
from posthouse.imapd import searching
from posthouse.imapd.progress import Progress
from posthouse.imapd.searching import Found, Numbered
from posthouse.mail import standing
from posthouse.mail.columns import Column, values_at
from posthouse.mail.references import MESSAGE_IDS, PARENTS
from posthouse.mail.standing import Standing, taken
from posthouse.wire.imap import threads
from posthouse.wire.imap.base_subject import base_subject, is_plain
from posthouse.wire.imap.collation import casemap
from posthouse.wire.imap.sort import Criterion, Sort, Thread

_STANDING = {"ARRIVAL": "received_at_ms", "SIZE": "sizes"}
KEPT_EMAILS, KEPT_ANSWERS = 300_000, 500


def run(command: Sort, mailbox_id: int, uids: Sequence[int], numbered: Numbered, progress: Progress) -> Found:
    """What was found, sorted; what sorts equal stays in the order of the mailbox (RFC 5256 §3)."""
    found = searching.run(command.search.key, mailbox_id, uids, numbered, progress)
    mailbox = _copy(mailbox_id)
    places = mailbox.places_of(found.uids)
    gone = [] if len(places) == len(found.uids) else [uid for uid in found.uids if mailbox.index_of(uid) < 0]
    ids, uids = array("q", taken(mailbox.email_ids, places)), array("I", taken(mailbox.uids, places))
    key = (mailbox_id, tuple(command.criteria))
    order = _kept(key, ids, uids)
    if order is None:
        order = array("I", map(uids.__getitem__, _ordered(command.criteria, mailbox, places)))
        _keep(key, _Kept(ids, uids, order))
    return Found([*gone, *order], found.modseqs)


def _ordered(criteria: Sequence[Criterion], mailbox: Standing, places: Sequence[int]) -> list[int]:
    """Which of the places comes first, second and so on."""
    order = list(range(len(places)))
    for criterion in reversed(criteria):
        values = _values(criterion, mailbox, places)
        order.sort(key=values.__getitem__, reverse=criterion.is_reverse)
    return order


def _copy(mailbox_id: int) -> Standing:
    """Empty for one that was deleted."""
    try:
        with standing.standing(mailbox_id) as mailbox:
            return mailbox.snapshot()
    except Missing:
        return Standing(mailbox_id)


def _values(criterion: Criterion, mailbox: Standing, places: Sequence[int]) -> Sequence[Any]:
    """What the e-mails at some places are sorted by."""
    if criterion.name in _STANDING:
        return taken(getattr(mailbox, _STANDING[criterion.name]), places)
    (values,) = values_at(mailbox, places, _COLUMNS[criterion.name])
    return [text for text, _ in values] if criterion.name == "SUBJECT" else values


def _numbers(_: Sequence[int], texts: Sequence[str]) -> list[int]:
    return list(map(int, texts))


def _bases(_: Sequence[int], subjects: Sequence[str]) -> list[tuple[str, bool]]:
    """Base subjects as they are compared, and whether each is an answer's."""
    return [
        (subject.upper(), False) if subject.isascii() and is_plain(subject) else _base(subject)
        for subject in subjects
    ]


def _base(subject: str) -> tuple[str, bool]:
    base = base_subject(subject)
    return casemap(base.text), base.is_answer


def _mailboxes(_: Sequence[int], lists: Sequence[str]) -> list[str]:
    """The parts before the `@` of the first addresses."""
    return [casemap(email.rpartition("@")[0] or email) for email in (_first(one)[1] for one in lists)]


def _displays(_: Sequence[int], lists: Sequence[str]) -> list[str]:
    """The first names, or the whole first address where it has none (RFC 5957 §3)."""
    return [casemap(name or email) for name, email in map(_first, lists)]


def _first(addresses: str) -> tuple[str, str]:
    """Name and address of the first; the JSON need not be read where nothing in it is escaped."""
    if "\\" in addresses:
        person = orjson.loads(addresses)[0]
        return person["name"], person["email"]
    name, _, rest = addresses.removeprefix('[{"name":"').partition('","email":"')
    return (name, rest.partition('"')[0]) if rest else ("", "")


_DATE = Column("CAST(coalesce(e.sent_at, e.received_at) AS text)", _numbers, missing="0")
_BASE = Column("e.subject", _bases)
_COLUMNS: dict[str, Column[Any]] = {
    "DATE": _DATE,
    "SUBJECT": _BASE,
    "FROM": Column("e.sender", _mailboxes, missing="[]"),
    "TO": Column("e.recipients", _mailboxes, missing="[]"),
    "CC": Column("e.copied", _mailboxes, missing="[]"),
    "DISPLAYFROM": Column("e.sender", _displays, missing="[]"),
    "DISPLAYTO": Column("e.recipients", _displays, missing="[]"),
}


# --- threads ---------------------------------------------------------------------------------------


def run_threads(
    command: Thread,
    mailbox_id: int,
    uids: Sequence[int],
    numbered: Numbered,
    progress: Progress,
    shown: Callable[[Sequence[int]], Sequence[int]],
) -> bytes:
    """The threads of what was found, as they are written; `shown` gives the numbers of UIDs."""
    found = searching.run(command.search.key, mailbox_id, uids, numbered, progress).uids
    mailbox = _copy(mailbox_id)
    places = mailbox.places_of(found)
    ids = array("q", taken(mailbox.email_ids, places))
    numbers = array("I", shown(taken(mailbox.uids, places)))
    key = (mailbox_id, command.algorithm)
    answer = _kept(key, ids, numbers)
    if answer is None:
        answer = _threaded(command.algorithm, mailbox, places, numbers)
        _keep(key, _Kept(ids, numbers, answer))
    return bytes(answer)


def _threaded(algorithm: str, mailbox: Standing, places: Sequence[int], numbers: Sequence[int]) -> bytes:
    if algorithm == "REFERENCES":
        values = values_at(mailbox, places, _DATE, _BASE, MESSAGE_IDS, PARENTS)
        return threads.referenced(threads.Columns(numbers, *values))
    dates, bases = values_at(mailbox, places, _DATE, _BASE)
    messages = map(threads.Message, numbers, dates, (text for text, _ in bases))
    return threads.written(threads.by_ordered_subject(messages))


# --- what was asked last ---------------------------------------------------------------------------


class _Kept(NamedTuple):
    """An answer, and all that it depends on: which e-mails, none of which changes, and how they are numbered."""

    email_ids: array[int]
    numbers: array[int]
    answer: Any


_last: OrderedDict[tuple[int, Any], _Kept] = OrderedDict()
_lock = threading.Lock()


def _kept(key: tuple[int, Any], email_ids: array[int], numbers: array[int]) -> Any:
    """Webmail asks for the order and the threads of a mailbox with every page of it."""
    kept = _last.get(key)
    if kept is None or kept.email_ids != email_ids or kept.numbers != numbers:
        return None
    return kept.answer


def _keep(key: tuple[int, Any], kept: _Kept) -> None:
    with _lock:
        _last[key] = kept
        _last.move_to_end(key)
        total = sum(len(one.email_ids) for one in _last.values())
        while len(_last) > 1 and (total > KEPT_EMAILS or len(_last) > KEPT_ANSWERS):
            _, oldest = _last.popitem(last=False)
            total -= len(oldest.email_ids)


def forget() -> None:
    with _lock:
        _last.clear()
