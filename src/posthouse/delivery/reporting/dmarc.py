"""DMARC aggregate reports of ours: what the MX door judged, and the report that is made of it (RFC 7489 §7.2)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from posthouse.base import db
from posthouse.delivery.reporting import seen
from posthouse.delivery.reporting.gathering import FLUSH_SECONDS, Gathering
from posthouse.delivery.reporting.letter import Report
from posthouse.wire.auth import dmarc_report
from posthouse.wire.auth.dmarc_record import Record
from posthouse.wire.auth.dmarc_report import Aggregate, Observed

DAY_SECONDS = 86_400

Judged = Gathering[tuple[str, Observed]]
"""By the domain whose record holds; the count of each row is 0."""


def gathering(*, flush_seconds: float = FLUSH_SECONDS) -> Judged:
    return Gathering(seen.DMARC, _write, flush_seconds=flush_seconds)


async def _write(noted: Sequence[tuple[int, tuple[str, Observed], int]]) -> None:
    await db.writing(
        seen.keep,
        [
            seen.Seen(
                kind=seen.DMARC,
                day=day,
                domain=domain,
                content=msgspec.json.encode(observed).decode(),
                times=times,
            )
            for day, (domain, observed), times in noted
        ],
    )


def report_of(day: int, domain: str, *, record: Record, contact: str, organisation: str) -> Report | None:
    """None when nothing is there (any more)."""
    observed = [
        msgspec.structs.replace(one, row=msgspec.structs.replace(one.row, count=times))
        for one, times in (
            (msgspec.json.decode(content, type=Observed), times)
            for content, times in seen.of(seen.DMARC, day, domain)
        )
    ]
    if not observed:
        return None
    submitter = contact.rpartition("@")[2]
    report = Aggregate(
        reporter=organisation,
        report_id=f"{domain}.{day}@{submitter}",
        domain=domain,
        policy=record.policy,
        begin=day * DAY_SECONDS,
        end=(day + 1) * DAY_SECONDS - 1,
        rows=tuple(one.row for one in observed),
    )
    return Report(
        domain=domain,
        subject=dmarc_report.subject(report, submitter),
        file_name=dmarc_report.file_name(report, submitter),
        content=dmarc_report.build(report, observed, contact=contact, record=record),
        content_type="application/gzip",
    )
