"""Reports of other servers about our domains: who sends in their name (DMARC), and what could not be sent safely (TLS).

They come by mail to the addresses that the DNS names. The door reads them; what is kept are their figures, each report
once. A report counts only when its author is proved (DMARC) or comes from a trusted network, since anybody can write
one; its reporter is the domain that was proved, not the name that it gives itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import orjson

from posthouse.base import clock, db, metrics, sql
from posthouse.base.clock import iso
from posthouse.base.ids import new_id
from posthouse.base.remote_calls import offer
from posthouse.identity import organisations
from posthouse.identity.actor import Actor
from posthouse.mail.storing import Arrival
from posthouse.wire.auth import dmarc_report
from posthouse.wire.auth.dmarc_report import Aggregate, read_aggregate
from posthouse.wire.auth.judgement import UNCHECKED, Judgement
from posthouse.wire.mime.packed import NotUnpacked, unpack
from posthouse.wire.mime.part import Part
from posthouse.wire.mime.scan import scan
from posthouse.wire.mime.text import decode_body
from posthouse.wire.smtp import tls_report
from posthouse.wire.smtp.tls_report import TlsReport, read_tls

taken = metrics.Counter("posthouse_domain_reports", "Reports about our domains that were taken.", "kind")

DMARC, TLS = "dmarc", "tls"
MAX_ATTACHMENTS = 20
DAY_MS = 24 * 3600_000
MOST_SHOWN = 200

_PACKED = frozenset(
    {"application/gzip", "application/x-gzip", "application/zip", "application/x-zip-compressed", "text/xml",
     "application/xml", "application/tlsrpt+gzip", "application/tlsrpt+json", "application/octet-stream"}
)  # fmt: skip


class Sent(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Reports of one mail as they come from the door; `author` is the domain that was proved to have written it."""

    author: str
    aggregates: tuple[Aggregate, ...] = ()
    tls: tuple[TlsReport, ...] = ()


def read(raw: bytes, arrival: Arrival, judgement: Judgement) -> Sent | None:
    """What is reported, if its author is proved. Takes as long as its limits allow: not for the loop."""
    authors = orjson.loads(arrival.sender)
    if len(authors) != 1 or not (judgement.dmarc == "pass" or judgement == UNCHECKED):
        return None
    aggregates, tls = [], []
    for data in _attachments(raw):
        try:
            if data.lstrip()[:1] == b"{":
                tls += read_tls(data)
            elif b"<feedback" in data[:4096]:
                aggregates.append(read_aggregate(data))
        except (dmarc_report.BadReport, tls_report.BadReport):
            continue
    if not aggregates and not tls:
        return None
    author = authors[0]["email"].rpartition("@")[2].lower()
    return Sent(author=author, aggregates=tuple(aggregates), tls=tuple(tls))


def _attachments(raw: bytes) -> Iterator[bytes]:
    ahead: list[Part] = [scan(raw).root]
    count = 0
    while ahead and count < MAX_ATTACHMENTS:
        part = ahead.pop()
        ahead += reversed(part.children)
        if part.content_type in _PACKED:
            count += 1
            try:
                yield unpack(decode_body(part, raw))
            except NotUnpacked:
                continue


def _take_many(items: Sequence[Sent]) -> list[int]:
    return [_take(sent) for sent in items]


take: db.Bulk[Sent, int] = db.Bulk(_take_many)
"""Keep what is about domains of ours; gives how many reports are new. Safe to run twice."""
offer("delivery.take_domain_reports", take, item=Sent, result=int)


def _take(sent: Sent) -> int:
    new = 0
    for aggregate in sent.aggregates:
        report_id = _insert(sent.author, DMARC, aggregate, policy=aggregate.policy)
        if report_id is not None:
            new += 1
            sql.insert_many(
                "INSERT INTO delivery_domainreportrow (id, report_id, source, count, disposition, dkim, spf,"
                " header_from, dkim_domain, spf_domain)",
                [
                    (new_id(), report_id, row.source, row.count, row.disposition, row.dkim, row.spf,
                     row.header_from[:253], row.dkim_domain[:253], row.spf_domain[:253])
                    for row in aggregate.rows
                ],
            )  # fmt: skip
    for report in sent.tls:
        report_id = _insert(sent.author, TLS, report, successes=report.successes, failures=report.failures)
        if report_id is not None:
            new += 1
            sql.insert_many(
                "INSERT INTO delivery_tlsfailure (id, report_id, kind, server, policy, count)",
                [
                    (new_id(), report_id, one.kind, one.server[:253], one.policy, one.count)
                    for one in report.failing
                ],
            )
    return new


def _insert(
    author: str,
    kind: str,
    report: Aggregate | TlsReport,
    *,
    policy: str = "",
    successes: int = 0,
    failures: int = 0,
) -> int | None:
    """None for a domain that is none of ours, and for a report that is here already."""
    domain = sql.row("SELECT id FROM identity_domain WHERE name = %s", [report.domain])
    if domain is None:
        return None
    report_id = new_id()
    if not sql.run(
        "INSERT INTO delivery_domainreport (id, domain_id, kind, reporter, number, policy, begin_at, end_at,"
        " successes, failures, received_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (domain_id, kind, reporter, number) DO NOTHING",
        [report_id, domain[0], kind, author[:253], report.report_id, policy, report.begin * 1000, report.end * 1000,
         successes, failures, clock.now_ms()],
    ):  # fmt: skip
        return None
    taken.count(kind)
    return report_id


def summary(actor: Actor, domain_id: int, *, days: int) -> dict[str, Any]:
    """What was reported of a domain's mail of the last days. Raises Denied, Missing."""
    actor.require("domains.manage")
    domain = organisations.domain_for(actor, domain_id)
    since_ms = clock.now_ms() - days * DAY_MS
    reports = sql.rows(
        "SELECT kind, count(*), max(end_at), sum(successes), sum(failures) FROM delivery_domainreport"
        " WHERE domain_id = %s AND end_at >= %s GROUP BY kind",
        [domain.id, since_ms],
    )
    by_kind = {row[0]: row[1:] for row in reports}
    count, last, _, _ = by_kind.get(DMARC, (0, None, 0, 0))
    tls_count, tls_last, successes, failures = by_kind.get(TLS, (0, None, 0, 0))
    sources = _sources(domain.id, since_ms)
    return {
        "dmarc": {
            "reports": count,
            "last_at": iso(last) if last else None,
            "messages": sum(one["messages"] for one in sources),
            "aligned": sum(one["aligned"] for one in sources),
            "sources": sources[:MOST_SHOWN],
        },
        "tls": {
            "reports": tls_count,
            "last_at": iso(tls_last) if tls_last else None,
            "successes": int(successes or 0),
            "failures": int(failures or 0),
            "failing": _failing(domain.id, since_ms),
        },
    }


def _sources(domain_id: int, since_ms: int) -> list[dict[str, Any]]:
    """By address, the one with the most mail first: how much of it was aligned, who signed it, what was done to it."""
    return [
        {
            "address": source,
            "messages": int(messages),
            "aligned": int(aligned),
            "kept_away": int(kept_away),
            "signed_by": dkim_domain or None,
            "sent_by": spf_domain or None,
            "reporters": reporters,
        }
        for source, messages, aligned, kept_away, dkim_domain, spf_domain, reporters in sql.rows(
            "SELECT w.source, sum(w.count),"
            " sum(CASE WHEN w.dkim = 'pass' OR w.spf = 'pass' THEN w.count ELSE 0 END),"
            " sum(CASE WHEN w.disposition IN ('quarantine', 'reject') THEN w.count ELSE 0 END),"
            " max(w.dkim_domain), max(w.spf_domain), count(DISTINCT r.reporter)"
            " FROM delivery_domainreportrow w JOIN delivery_domainreport r ON r.id = w.report_id"
            " WHERE r.domain_id = %s AND r.kind = 'dmarc' AND r.end_at >= %s"
            " GROUP BY w.source ORDER BY sum(w.count) DESC, w.source LIMIT 2000",
            [domain_id, since_ms],
        )
    ]


def _failing(domain_id: int, since_ms: int) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "server": server or None, "sessions": int(count), "reporters": reporters}
        for kind, server, count, reporters in sql.rows(
            "SELECT f.kind, f.server, sum(f.count), count(DISTINCT r.reporter)"
            " FROM delivery_tlsfailure f JOIN delivery_domainreport r ON r.id = f.report_id"
            " WHERE r.domain_id = %s AND r.end_at >= %s"
            " GROUP BY f.kind, f.server ORDER BY sum(f.count) DESC LIMIT 100",
            [domain_id, since_ms],
        )
    ]
