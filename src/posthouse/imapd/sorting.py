"""The order of messages and their threads (RFC 5256, RFC 5957). Runs in a reading thread.

Keys come from the columns of the e-mails, in one statement, or from the mailbox in memory. Only REFERENCES reads
messages, each once while this process lives (mail/references.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from posthouse.base.errors import Missing
from posthouse.imapd import searching
from posthouse.imapd.searching import Found, Numbered
from posthouse.mail import ordering, standing
from posthouse.mail.references import References, references_of
from posthouse.mail.standing import taken
from posthouse.wire.imap import threads
from posthouse.wire.imap.base_subject import base_subject
from posthouse.wire.imap.collation import casemap
from posthouse.wire.imap.sort import Criterion, Sort, Thread

_STANDING = {"ARRIVAL": "received_at_ms", "SIZE": "sizes"}
_COLUMNS = {
    "DATE": ("sent_at", "received_at"),
    "SUBJECT": ("subject",),
    "FROM": ("sender",),
    "DISPLAYFROM": ("sender",),
    "TO": ("recipients",),
    "DISPLAYTO": ("recipients",),
    "CC": ("copied",),
}
_NOTHING = References(0, ())


def run(command: Sort, mailbox_id: int, uids: Sequence[int], numbered: Numbered) -> Found:
    """What was found, sorted; what sorts equal stays in the order of the mailbox (RFC 5256 §3)."""
    found = searching.run(command.search.key, mailbox_id, uids, numbered)
    order = sorted(found.uids)
    named = {criterion.name for criterion in command.criteria}
    columns = sorted({column for name in named & _COLUMNS.keys() for column in _COLUMNS[name]})
    rows = ordering.columns_of(mailbox_id, order, columns) if columns else {}
    for criterion in reversed(command.criteria):
        keys = _keys(criterion, mailbox_id, order, columns, rows)
        order.sort(key=keys.__getitem__, reverse=criterion.is_reverse)
    return Found(order, found.modseqs)


def _keys(
    criterion: Criterion,
    mailbox_id: int,
    uids: Sequence[int],
    columns: Sequence[str],
    rows: dict[int, tuple[Any, ...]],
) -> dict[int, Any]:
    if criterion.name in _STANDING:
        return _standing_keys(mailbox_id, uids, _STANDING[criterion.name])
    make, missing = _MAKERS[criterion.name]
    at = [columns.index(column) for column in _COLUMNS[criterion.name]]
    return {
        uid: missing if (row := rows.get(uid)) is None else make(*[row[place] for place in at])
        for uid in uids
    }


def _standing_keys(mailbox_id: int, uids: Sequence[int], column: str) -> dict[int, int]:
    keys = dict.fromkeys(uids, 0)
    try:
        with standing.standing(mailbox_id) as mailbox:
            places = mailbox.places_of(sorted(uids))
            values = taken(getattr(mailbox, column), places)
            keys.update(zip(taken(mailbox.uids, places), values, strict=True))
    except Missing:
        pass
    return keys


def _date(sent_at_ms: int | None, received_at_ms: int) -> int:
    return received_at_ms if sent_at_ms is None else sent_at_ms


def _subject(subject: str) -> str:
    return casemap(base_subject(subject).text)


def _mailbox(addresses: str) -> str:
    """The part before the `@` of the first address."""
    people = orjson.loads(addresses)
    return casemap(people[0]["email"].rpartition("@")[0] or people[0]["email"]) if people else ""


def _display(addresses: str) -> str:
    """The first name, or the whole first address where it has none (RFC 5957 §3)."""
    people = orjson.loads(addresses)
    return casemap(people[0]["name"] or people[0]["email"]) if people else ""


_MAKERS: dict[str, tuple[Callable[..., Any], Any]] = {
    "DATE": (_date, 0),
    "SUBJECT": (_subject, ""),
    "FROM": (_mailbox, ""),
    "TO": (_mailbox, ""),
    "CC": (_mailbox, ""),
    "DISPLAYFROM": (_display, ""),
    "DISPLAYTO": (_display, ""),
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
    rows = ordering.columns_of(mailbox_id, found, ("sent_at", "received_at", "subject"))
    there = [uid for uid in found if uid in rows]
    refers = _references(mailbox_id, there) if command.algorithm == "REFERENCES" else {}
    messages = [
        _message(number, rows[uid], refers.get(uid, _NOTHING))
        for uid, number in zip(there, shown(there), strict=True)
    ]
    if command.algorithm == "REFERENCES":
        return threads.written(threads.by_references(messages))
    return threads.written(threads.by_ordered_subject(messages))


def _message(number: int, row: tuple[Any, ...], refers: References) -> threads.Message:
    sent_at_ms, received_at_ms, subject = row
    base = base_subject(subject)
    return threads.Message(
        number=number,
        sent_at_ms=_date(sent_at_ms, received_at_ms),
        subject=casemap(base.text),
        is_answer=base.is_answer,
        message_id=refers.message_id,
        references=refers.parents,
    )


def _references(mailbox_id: int, uids: Sequence[int]) -> dict[int, References]:
    try:
        with standing.standing(mailbox_id) as mailbox:
            places = mailbox.places_of(uids)
            ids = dict(zip(taken(mailbox.uids, places), taken(mailbox.email_ids, places), strict=True))
    except Missing:
        return {}
    found = references_of(ids.values())
    return {uid: found[email_id] for uid, email_id in ids.items() if email_id in found}
