"""Once a day one report to each domain that asks for it, about the day before (UTC).

Invariants
- A report is queued in the transaction that forgets what it tells: it goes once, whatever runs twice or is killed.
- What a dead DNS keeps from being sent is tried again each hour, and forgotten after KEPT_DAYS.
- Nothing goes to ourselves, and nothing where the operator did not name a reporter.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Awaitable, Callable

import structlog

from posthouse.base import blobs, clock, db, metrics, net
from posthouse.base.jobs import handler
from posthouse.base.net_dns import Answers
from posthouse.delivery import actions, setup
from posthouse.delivery.actions import Outgoing, Target
from posthouse.delivery.reporting import addressees, dmarc, letter, seen, tls
from posthouse.delivery.reporting.gathering import DAY_MS
from posthouse.delivery.reporting.letter import Report
from posthouse.delivery.setup import Reporter
from posthouse.identity import directory
from posthouse.wire.auth.dmarc import published
from posthouse.wire.auth.dns import Ask, NoAnswer
from posthouse.wire.smtp.report_addresses import ReportAddress, tls_uris

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600
RUN_SECONDS = 300.0
"""A run ends before its lease; the next goes on."""
MOST_IN_A_RUN = 500
"""Domains are cheap: whoever has many does not make us send without end."""
SETTLED_MS = 10 * 60_000
JITTER_MS = 50 * 60_000
"""When a day is surely counted, and up to how much later a server begins: not all of the world at midnight."""
KEPT_DAYS = 3
MAX_REPORT_BYTES = 20_000_000

sent = metrics.Counter("posthouse_reports_sent", "Reports to other domains that were queued.", "kind")

Make = Callable[[int, str, Ask, Reporter], Awaitable[tuple[Report, list[ReportAddress]] | None]]


@handler("reporting", every_seconds=EVERY_SECONDS)
async def send_reports() -> None:
    """Safe to run twice."""
    ends = time.monotonic() + RUN_SECONDS
    ask = Answers(net.policy())
    today = (clock.now_ms() - SETTLED_MS - _jitter_ms()) // DAY_MS
    while await db.writing(seen.forget_before, today - KEPT_DAYS):
        continue
    for kind, make in ((seen.DMARC, _of_dmarc), (seen.TLS, _of_tls)):
        reporter = setup.current().reporters.get(kind)
        if reporter is not None:
            await _send_all(kind, reporter, make, ask, today=today, ends=ends)


def _jitter_ms() -> int:
    """Always the same for one server."""
    digest = hashlib.sha256(setup.current().hostname.encode()).digest()
    return int.from_bytes(digest[:4], "big") % JITTER_MS


async def _send_all(kind: str, reporter: Reporter, make: Make, ask: Ask, *, today: int, ends: float) -> None:
    """In any order, so that domains whose DNS is dead do not always come first."""
    waiting = await db.reading(lambda: seen.days(kind, before=today))
    random.shuffle(waiting)
    for day, domain in waiting[:MOST_IN_A_RUN]:
        if time.monotonic() > ends:
            return
        try:
            made = None if await db.reading(_is_ours, domain) else await make(day, domain, ask, reporter)
        except NoAnswer:
            continue
        if made is None or not await _send(kind, day, reporter, *made):
            await db.writing(seen.forget, kind, day, domain)


def _is_ours(domain: str) -> bool:
    return not isinstance(directory.lookup(f"postmaster@{domain}"), directory.NotOurs)


async def _of_dmarc(
    day: int, domain: str, ask: Ask, reporter: Reporter
) -> tuple[Report, list[ReportAddress]] | None:
    found = await published(ask, domain)
    if found.record is None or found.policy_domain != domain:
        return None
    addresses = await addressees.of_dmarc(ask, found.record.reports_to, domain=domain)
    if not addresses:
        return None
    record = found.record
    report = await db.reading(
        lambda: dmarc.report_of(
            day, domain, record=record, contact=reporter.address, organisation=reporter.organisation
        )
    )
    return None if report is None else (report, addresses)


async def _of_tls(
    day: int, domain: str, ask: Ask, reporter: Reporter
) -> tuple[Report, list[ReportAddress]] | None:
    records = [
        uris for text in await ask(f"_smtp._tls.{domain}", "TXT") if (uris := tls_uris(text)) is not None
    ]
    addresses = addressees.of_uris(records[0]) if len(records) == 1 else []
    if not addresses:
        return None
    report = await db.reading(
        lambda: tls.report_of(day, domain, contact=reporter.address, organisation=reporter.organisation)
    )
    return None if report is None else (report, addresses)


async def _send(
    kind: str, day: int, reporter: Reporter, report: Report, addresses: list[ReportAddress]
) -> bool:
    """Whether there was anybody to send it to."""
    made = await db.reading(_written, reporter, report, addresses)
    if made is None:
        return False
    content, outgoing = made
    if await db.writing(_queue, kind, day, report.domain, content, outgoing):
        sent.count(kind)
        log.info("reporting.sent", kind=kind, domain=report.domain, day=day)
    else:
        await db.reading(blobs.discard, content)
    return True


def _written(
    reporter: Reporter, report: Report, addresses: list[ReportAddress]
) -> tuple[blobs.Prepared, Outgoing] | None:
    """For those who take a mail of that size and are not here."""
    there = [one for one in addresses if not _is_ours(one.domain)]
    if not there:
        return None
    raw = letter.written(report, reporter, [one.address for one in there])
    size = len(raw)
    fitting = [one for one in there if size <= (one.max_bytes or MAX_REPORT_BYTES)]
    if not fitting:
        return None
    if len(fitting) < len(there):
        raw = letter.written(report, reporter, [one.address for one in fitting])
    content = blobs.prepare(raw)
    targets = [Target(address=one.address, notify="NEVER") for one in fitting]
    ignores_tls = report.report_type == letter.TLSRPT  # RFC 8460 §3: despite any TLS-related failures
    return content, Outgoing(blob_id=content.id, mail_from="", targets=targets, ignores_tls=ignores_tls)


@db.action
def _queue(kind: str, day: int, domain: str, content: blobs.Prepared, outgoing: Outgoing) -> bool:
    if not seen.take(kind, day, domain):
        return False
    actions.pass_on(outgoing, content=content, local=())
    return True
