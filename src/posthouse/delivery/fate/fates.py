"""What became of mail after another server took it: bounces, delays, receipts and complaints that come back later.

Invariants
- Only a report with a true trace (traces.py) changes a line, and only lines of the domain that its copy went to. A
  receipt without one is believed when its author is proved to be the recipient and names the mail's Message-ID.
- The queue's own columns stay as the queue wrote them, so a report that comes before its try is settled is not lost.
- A later report takes the place of an earlier one only when it says more: delayed, then taken on, then delivered,
  then failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import orjson

from posthouse.base import clock, db, metrics, sql
from posthouse.base.remote_calls import offer
from posthouse.delivery import stamps
from posthouse.delivery.fate import traces
from posthouse.delivery.limits import stops
from posthouse.delivery.reasons import said
from posthouse.delivery.suppression import suppressed
from posthouse.mail.storing import Arrival
from posthouse.wire.auth.judgement import UNCHECKED, Judgement
from posthouse.wire.mime.reports import Fate, Report, looks_like_report, read_report

reports = metrics.Counter(
    "posthouse_delivery_reports", "What other servers told later, one per recipient.", "action"
)

RANKS = {"": 0, "delayed": 1, "expanded": 2, "relayed": 3, "delivered": 4, "failed": 5}


class Told(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A report as it comes from the door. `author` is who wrote it, empty where that is not proved."""

    report: Report
    author: str = ""


class _Line(NamedTuple):
    recipient_id: int
    address: str
    original: str
    report: str
    is_read: bool
    has_complained: bool


def told_by(raw: bytes, *, is_null_sender: bool, arrival: Arrival, judgement: Judgement) -> Told | None:
    """What an arriving message reports, if it is a report that may be about mail of ours.

    Peers whose mail is not checked are those that the operator trusts.
    """
    if not is_null_sender and not looks_like_report(raw):
        return None
    report = read_report(raw, is_null_sender=is_null_sender)
    if report is None or not (report.tokens or report.message_id):
        return None
    authors = orjson.loads(arrival.sender)
    is_proved = len(authors) == 1 and (judgement.dmarc == "pass" or judgement == UNCHECKED)
    return Told(report=report, author=authors[0]["email"].lower() if is_proved else "")


def _note_many(items: Sequence[Told]) -> list[int]:
    return [_note(told) for told in items]


note: db.Bulk[Told, int] = db.Bulk(_note_many)
"""Write down what a report says; gives how many recipients it changed. Safe to run twice."""
offer("delivery.note_fates", note, item=Told, result=int)


def _note(told: Told) -> int:
    changed = 0
    for trace in told.report.tokens:
        submission_id = traces.submission_of(trace)
        lines = {} if submission_id is None else _lines_by_domain(submission_id)
        domain = traces.domain_of(trace, lines)
        if submission_id is not None and domain is not None:
            return _write(submission_id, lines[domain], told.report.fates)
    receipts = [fate for fate in told.report.fates if fate.action == "read"]
    if receipts and told.author and told.report.message_id:
        changed += note_read(told.report.message_id, told.author)
    return changed


def note_read(message_id: str, reader: str) -> int:
    """A receipt by somebody who is known to be that reader; gives how many lines it changed. Call inside an action."""
    changed = 0
    for submission_id in _submissions_of(message_id):
        own = [
            line
            for lines in _lines_by_domain(submission_id).values()
            for line in lines
            if line.address.lower() == reader
        ]
        changed += _write(submission_id, own, [Fate(action="read")]) if own else 0
    return changed


def _lines_by_domain(submission_id: int) -> dict[str, list[_Line]]:
    found: dict[str, list[_Line]] = {}
    for domain, *rest in sql.rows(
        "SELECT domain, id, address, original, report, read_at IS NOT NULL, complained_at IS NOT NULL"
        f" FROM delivery_recipient WHERE submission_id = %s ORDER BY id{sql.for_update()}",
        [submission_id],
    ):
        found.setdefault(domain, []).append(_Line(*rest))
    return found


def _submissions_of(message_id: str) -> list[int]:
    return [
        row[0]
        for row in sql.rows(
            "SELECT id FROM delivery_submission WHERE message_id = %s ORDER BY id DESC LIMIT 5",
            [message_id[:998]],
        )
    ]


def _write(submission_id: int, lines: Sequence[_Line], fates: Sequence[Fate]) -> int:
    changed = 0
    for fate in fates:
        line = _line_of(fate, lines)
        if line is not None and _write_one(line, fate):
            reports.count(fate.action)
            changed += 1
            if fate.action in ("failed", "complained"):
                stops.note_trouble(
                    submission_id, failures=fate.action == "failed", complaints=fate.action == "complained"
                )
                _suppress(submission_id, line.address, fate)
    if changed:
        stamps.stamp(submission_id)
    return changed


def _suppress(submission_id: int, address: str, fate: Fate) -> None:
    reply = said(fate.status, fate.answer)
    if fate.action == "complained":
        suppressed.note_complaint(submission_id, address, reply)
    else:
        suppressed.note_bounce(submission_id, address, reply)


def _line_of(fate: Fate, lines: Sequence[_Line]) -> _Line | None:
    """Whom it is about: by the address we gave, else the only one there is."""
    named = {address.lower() for address in (fate.original, fate.recipient) if address}
    for line in lines:
        own = {line.address.lower(), line.original.partition(";")[2].lower()}
        if named & own:
            return line
    return lines[0] if len(lines) == 1 else None


def _write_one(line: _Line, fate: Fate) -> bool:
    now_ms = clock.now_ms()
    if fate.action == "read":
        return _once("read_at", line, now_ms) if not line.is_read else False
    if fate.action == "complained":
        return _once("complained_at", line, now_ms) if not line.has_complained else False
    if RANKS[fate.action] < RANKS[line.report] or line.report == "failed":
        return False
    return bool(
        sql.run(
            "UPDATE delivery_recipient SET report = %s, report_host = %s, report_code = %s, report_answer = %s,"
            " reported_at = %s, updated_at = %s WHERE id = %s",
            [
                fate.action,
                fate.host[:255],
                fate.status[:12],
                fate.answer[:500],
                now_ms,
                now_ms,
                line.recipient_id,
            ],
        )
    )


def _once(column: str, line: _Line, now_ms: int) -> bool:
    return bool(
        sql.run(
            f"UPDATE delivery_recipient SET {column} = %s, updated_at = %s WHERE id = %s AND {column} IS NULL",
            [now_ms, now_ms, line.recipient_id],
        )
    )
