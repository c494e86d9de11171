"""Telling a sender that a mail still waits: once for each recipient, after some hours (RFC 3461 §4.1, §6.2).

Nothing has to be done about it; who sent it knows that nobody has read it yet, and until when it is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from posthouse.base import clock, sql
from posthouse.delivery import setup, transport
from posthouse.delivery.fate import bounces
from posthouse.delivery.queueing.queue import TEMPORARY, Parcel, Result
from posthouse.delivery.reasons import (
    ASKED_TO_WAIT,
    MAILBOX_FULL,
    NOT_REACHED,
    NOT_SECURE,
    reason_of,
    said,
)
from posthouse.mail import storing
from posthouse.wire.mime.dsn import RecipientStatus

_WHY = {
    ASKED_TO_WAIT: "their server asks to come back later",
    MAILBOX_FULL: "their mailbox is full",
    NOT_REACHED: "their server cannot be reached",
    NOT_SECURE: "their server cannot be reached safely, as its domain demands",
}


def are_told(parcel: Parcel, results: Sequence[Result]) -> bool:
    """Whether this try makes it late for somebody."""
    return bool(_late(parcel, results))


def prepare(parcel: Parcel, results: Sequence[Result]) -> storing.Arrival | None:
    """The notice for those that are late by now, its content durable; None when nobody is to be told."""
    late = _late(parcel, results)
    if not late:
        return None
    return bounces.notification(
        parcel,
        title="Still on its way",
        text_of=lambda subject: _for_a_person(parcel, late, subject),
        recipients=[_status(result) for result in late],
    )


def store(parcel: Parcel, waiting: Sequence[Result], notice: storing.Arrival) -> None:
    """File it, and note that they were told, in the running transaction."""
    late = _late(parcel, waiting)
    if late:
        bounces.store(parcel, notice)
        sql.run_many(
            "UPDATE delivery_recipient SET delay_told_at = %s WHERE id = %s",
            [(clock.now_ms(), result.due.recipient_id) for result in late],
        )


def _late(parcel: Parcel, results: Sequence[Result]) -> list[Result]:
    """None of what programs send: forwards, the house's own letters, and lists, whose page tells it."""
    after = setup.current().delay_notice_seconds
    if not after or parcel.is_forward or parcel.list_name or parcel.account_id is None:
        return []
    if clock.now_ms() - parcel.begun_at_ms < after * 1000:
        return []
    return [result for result in results if _is_told(result)]


def _is_told(result: Result) -> bool:
    """Without a wish (RFC 3461 §4.1) too: a sender who says nothing is a person who waits for an answer."""
    wants = not result.due.notify or "DELAY" in result.due.notify.split(",")
    waits = result.outcome == TEMPORARY and result.retry_at_ms is not None
    return wants and waits and not result.due.is_delay_told


def _ends(result: Result) -> datetime:
    left = transport.lasts_seconds(result.due.attempts, schedule=setup.current().retry_seconds)
    return clock.now() + timedelta(seconds=left)


def _for_a_person(parcel: Parcel, late: Sequence[Result], subject: str) -> str:
    mail = f"Your mail {subject!r}" if subject else "Your mail"
    lines = [f"{mail} has not reached yet:", ""]
    for result in late:
        reply = said(result.code, result.answer)
        why = _WHY.get(reason_of(reply), "it was not taken yet")
        host = result.host if result.is_remote and result.host else "the last try"
        lines += [f"  {result.due.address}", f"    {why} ({host}: {reply})", ""]
    hours = max(1, round((clock.now_ms() - parcel.begun_at_ms) / 3_600_000))
    since = f"{hours} hours" if hours > 1 else "an hour"
    until = f"{max(map(_ends, late)):%d %B, %H:%M} UTC"
    lines += [
        f"It has waited for {since}. You need do nothing: it is tried again and again until {until},",
        "and you are told if it has to be given up. If it is urgent, reach them in another way.",
    ]
    return "\n".join(lines)


def _status(result: Result) -> RecipientStatus:
    return RecipientStatus(
        recipient=result.due.address,
        action="delayed",
        status=result.code.partition(" ")[2] or "4.0.0",
        original_recipient=result.due.original.partition(";")[2] or None,
        remote_mta=result.host if result.is_remote else None,
        answer=said(result.code, result.answer),
        last_attempt=clock.now(),
        will_retry_until=_ends(result),
    )
