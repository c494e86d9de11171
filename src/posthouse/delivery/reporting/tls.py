"""TLS reports of ours: how sessions with the servers of other domains went, and the report of it (RFC 8460)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from posthouse.base import db
from posthouse.delivery import setup
from posthouse.delivery.domains import sts
from posthouse.delivery.reporting import seen
from posthouse.delivery.reporting.dmarc import DAY_SECONDS
from posthouse.delivery.reporting.gathering import Gathering
from posthouse.delivery.reporting.letter import TLSRPT, Report
from posthouse.wire.smtp import tls_report
from posthouse.wire.smtp.mta_sts import Policy
from posthouse.wire.smtp.tls_report import MAX_FAILURES, Failing, TlsReport, Tried

WATCH_SECONDS = 2.0


class Session(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """`failure` is "" or a result type of RFC 8460 §4.3; `host` is then the server."""

    policy: str
    failure: str = ""
    host: str = ""


class TlsWatch:
    """Counts for the queue's runner, while somebody reports (`transport.lines.Watch`)."""

    def __init__(self, *, flush_seconds: float = WATCH_SECONDS) -> None:
        self._gathering: Gathering[tuple[str, Session]] = Gathering(
            seen.TLS, _write, flush_seconds=flush_seconds
        )

    @property
    def is_on(self) -> bool:
        return seen.TLS in setup.current().reporters

    def note(self, domain: str, *, policy: str, host: str, failure: str) -> None:
        session = Session(policy=policy, failure=failure, host=host.lower()[:253] if failure else "")
        self._gathering.note((domain[:253], session))

    async def flush(self) -> None:
        await self._gathering.flush()


async def _write(noted: Sequence[tuple[int, tuple[str, Session], int]]) -> None:
    await db.writing(
        seen.keep,
        [
            seen.Seen(
                kind=seen.TLS,
                day=day,
                domain=domain,
                content=msgspec.json.encode(session).decode(),
                times=times,
            )
            for day, (domain, session), times in noted
        ],
    )


def report_of(day: int, domain: str, *, contact: str, organisation: str) -> Report | None:
    """None when nothing is there (any more)."""
    tried = _tried(day, domain)
    if not tried:
        return None
    submitter = contact.rpartition("@")[2]
    report = TlsReport(
        reporter=organisation,
        report_id=f"{domain}.{day}@{submitter}",
        domain=domain,
        begin=day * DAY_SECONDS,
        end=(day + 1) * DAY_SECONDS - 1,
        successes=sum(one.successes for one in tried),
        failures=sum(failing.count for one in tried for failing in one.failing),
        failing=tuple(failing for one in tried for failing in one.failing),
    )
    return Report(
        domain=domain,
        subject=tls_report.subject(report, submitter),
        file_name=tls_report.file_name(report, submitter),
        content=tls_report.build(report, tried, contact=contact),
        content_type="application/tlsrpt+gzip",
        report_type=TLSRPT,
        headers=(("TLS-Report-Domain", domain), ("TLS-Report-Submitter", submitter)),
    )


def _tried(day: int, domain: str) -> list[Tried]:
    successes: dict[str, int] = defaultdict(int)
    failing: dict[str, list[Failing]] = defaultdict(list)
    for content, times in seen.of(seen.TLS, day, domain)[:MAX_FAILURES]:
        one = msgspec.json.decode(content, type=Session)
        if one.failure:
            failing[one.policy].append(
                Failing(kind=one.failure, server=one.host, count=times, policy=one.policy)
            )
        else:
            successes[one.policy] += times
    kept = sts.known(domain)
    policy = None if kept is None else kept[1]
    return [
        Tried(
            policy=kind,
            successes=successes[kind],
            failing=tuple(failing[kind]),
            text=_text(policy) if policy is not None and kind == "sts" else (),
            mx=policy.mx if policy is not None and kind == "sts" else (),
        )
        for kind in sorted({*successes, *failing})
    ]


def _text(policy: Policy) -> tuple[str, ...]:
    """Its lines, but for how long it holds, of which only the rest is known."""
    return ("version: STSv1", f"mode: {policy.mode.value}", *[f"mx: {one}" for one in policy.mx])
