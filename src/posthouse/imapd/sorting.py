"""The order of messages and their threads (RFC 5256, RFC 5957). Runs in a reading thread.

Keys come from the columns of the e-mails (mail/columns.py) or from the mailbox in memory, and REFERENCES from the
header fields, each once while it is kept (mail/references.py).
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
from posthouse.imapd.searching import Found, Numbered
from posthouse.mail import standing
from posthouse.mail.columns import Column
from posthouse.mail.references import References, references_of
from posthouse.mail.standing import Standing, taken
from posthouse.wire.imap import threads
from posthouse.wire.imap.base_subject import base_subject
from posthouse.wire.imap.collation import casemap
from posthouse.wire.imap.sort import Criterion, Sort, Thread

_STANDING = {"ARRIVAL": "received_at_ms", "SIZE": "sizes"}
KEPT_EMAILS, KEPT_ANSWERS = 300_000, 500
_NOTHING = References(0, ())


def run(command: Sort, mailbox_id: int, uids: Sequence[int], numbered: Numbered) -> Found:
    """What was found, sorted; what sorts equal stays in the order of the mailbox (RFC 5256 §3)."""
    found = searching.run(command.search.key, mailbox_id, uids, numbered)
    mailbox = _copy(mailbox_id)
    places = mailbox.places_of(found.uids)
    gone = [] if len(places) == len(found.uids) else [uid for uid in found.uids if mailbox.index_of(uid) < 0]
    ids, uids = array("q", taken(mailbox.email_ids, places)), array("I", taken(mailbox.uids, places))
    key = (mailbox_id, tuple(command.criteria))
    order = _kept(key, ids, uids)
    if order is None:
        order = array("I", map(mailbox.uids.__getitem__, _ordered(command.criteria, mailbox, places)))
        _keep(key, _Kept(ids, uids, order))
    return Found([*gone, *order], found.modseqs)


def _ordered(criteria: Sequence[Criterion], mailbox: Standing, places: Sequence[int]) -> list[int]:
    order = list(places)
    for criterion in reversed(criteria):
        values = _values(criterion, mailbox)
        order.sort(key=values.__getitem__, reverse=criterion.is_reverse)
    return order


def _copy(mailbox_id: int) -> Standing:
    """Empty for one that was deleted."""
    try:
        with standing.standing(mailbox_id) as mailbox:
            return mailbox.copy()
    except Missing:
        return Standing(mailbox_id)


def _values(criterion: Criterion, mailbox: Standing) -> Sequence[Any]:
    """What each e-mail of the mailbox is sorted by."""
    if criterion.name in _STANDING:
        return getattr(mailbox, _STANDING[criterion.name])  # type: ignore[no-any-return]
    return _COLUMNS[criterion.name].of(mailbox.mailbox_id, mailbox.email_ids)


def _date(sent_at_ms: int | None, received_at_ms: int) -> int:
    return received_at_ms if sent_at_ms is None else sent_at_ms


def _subject(subject: str) -> str:
    return casemap(base_subject(subject).text)


def _base(subject: str) -> tuple[str, bool]:
    base = base_subject(subject)
    return casemap(base.text), base.is_answer


def _mailbox(addresses: str) -> str:
    """The part before the `@` of the first address."""
    people = orjson.loads(addresses)
    return casemap(people[0]["email"].rpartition("@")[0] or people[0]["email"]) if people else ""


def _display(addresses: str) -> str:
    """The first name, or the whole first address where it has none (RFC 5957 §3)."""
    people = orjson.loads(addresses)
    return casemap(people[0]["name"] or people[0]["email"]) if people else ""


_DATE = Column(["sent_at", "received_at"], _date, missing=0)
_SUBJECT = Column(["subject"], _subject, missing="")
_BASE = Column(["subject"], _base, missing=("", False))
_COLUMNS: dict[str, Column[Any]] = {
    "DATE": _DATE,
    "SUBJECT": _SUBJECT,
    "FROM": Column(["sender"], _mailbox, missing=""),
    "TO": Column(["recipients"], _mailbox, missing=""),
    "CC": Column(["copied"], _mailbox, missing=""),
    "DISPLAYFROM": Column(["sender"], _display, missing=""),
    "DISPLAYTO": Column(["recipients"], _display, missing=""),
}


# --- threads ---------------------------------------------------------------------------------------


def run_threads(
    command: Thread,
    mailbox_id: int,
    uids: Sequence[int],
    numbered: Numbered,
    shown: Callable[[Sequence[int]], Sequence[int]],
) -> bytes:
    """The threads of what was found, as they are written; `shown` gives the numbers of UIDs."""
    found = searching.run(command.search.key, mailbox_id, uids, numbered).uids
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
    ids = taken(mailbox.email_ids, places)
    refers = references_of(ids) if algorithm == "REFERENCES" else {}
    dates, subjects = (
        _DATE.of(mailbox.mailbox_id, mailbox.email_ids),
        _BASE.of(mailbox.mailbox_id, mailbox.email_ids),
    )
    messages = [
        threads.Message(number, date, subject, is_answer, *refers.get(email_id, _NOTHING))
        for number, date, (subject, is_answer), email_id in zip(
            numbers, taken(dates, places), taken(subjects, places), ids, strict=True
        )
    ]
    if algorithm == "REFERENCES":
        return threads.written(threads.by_references(messages))
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
