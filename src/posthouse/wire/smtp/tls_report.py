"""TLS reports: how often others could not reach a domain's servers in the safe way that it asks for (RFC 8460 §4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

MAX_POLICIES = 50
MAX_FAILURES = 500
MAX_TEXT_CHARS = 255
MAX_COUNT = 10_000_000_000


class BadReport(ValueError):
    """No report of this kind."""


class Failing(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Sessions that failed alike: `kind` is a result type of §4.3, `server` the one that was to take the mail."""

    kind: str
    server: str
    count: int
    policy: str


class TlsReport(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Of one domain. `begin` and `end` in seconds since 1970."""

    reporter: str
    report_id: str
    domain: str
    begin: int
    end: int
    successes: int
    failures: int
    failing: tuple[Failing, ...]


class _Range(msgspec.Struct):
    start: str = msgspec.field(name="start-datetime")
    end: str = msgspec.field(name="end-datetime")


class _Policy(msgspec.Struct):
    domain: str = msgspec.field(name="policy-domain")
    kind: str = msgspec.field(name="policy-type", default="")


class _Summary(msgspec.Struct):
    successes: int = msgspec.field(name="total-successful-session-count", default=0)
    failures: int = msgspec.field(name="total-failure-session-count", default=0)


class _Failure(msgspec.Struct):
    kind: str = msgspec.field(name="result-type", default="")
    server: str | None = msgspec.field(name="receiving-mx-hostname", default=None)
    count: int = msgspec.field(name="failed-session-count", default=0)


class _Entry(msgspec.Struct):
    policy: _Policy
    summary: _Summary = msgspec.field(default_factory=_Summary)
    failures: list[_Failure] = msgspec.field(name="failure-details", default_factory=list)


class _Document(msgspec.Struct):
    date_range: _Range = msgspec.field(name="date-range")
    report_id: str = msgspec.field(name="report-id")
    policies: list[_Entry]
    reporter: str = msgspec.field(name="organization-name", default="")


class Tried(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Sessions under one policy of a domain: `policy` is sts, tlsa or no-policy-found.

    `text` are the lines of the policy and `mx` its servers, as far as they are known.
    """

    policy: str
    successes: int
    failing: tuple[Failing, ...] = ()
    text: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()


def build(report: TlsReport, tried: Sequence[Tried], *, contact: str) -> bytes:
    """The JSON of a report; what failed is that of `tried`."""
    policies = [
        {
            "policy": {
                "policy-type": one.policy,
                **({"policy-string": one.text} if one.text else {}),
                "policy-domain": report.domain,
                **({"mx-host": one.mx} if one.mx else {}),
            },
            "summary": {
                "total-successful-session-count": one.successes,
                "total-failure-session-count": sum(failing.count for failing in one.failing),
            },
            "failure-details": [
                {
                    "result-type": failing.kind,
                    **({"receiving-mx-hostname": failing.server} if failing.server else {}),
                    "failed-session-count": failing.count,
                }
                for failing in one.failing
            ],
        }
        for one in tried
    ]
    return msgspec.json.encode(
        {
            "organization-name": report.reporter,
            "date-range": {"start-datetime": _moment(report.begin), "end-datetime": _moment(report.end)},
            "contact-info": contact,
            "report-id": report.report_id,
            "policies": policies,
        }
    )


def file_name(report: TlsReport, sender: str) -> str:
    """RFC 8460 §5.1."""
    return f"{sender}!{report.domain}!{report.begin}!{report.end}.json.gz"


def subject(report: TlsReport, submitter: str) -> str:
    """RFC 8460 §5.3."""
    return f"Report Domain: {report.domain} Submitter: {submitter} Report-ID: <{report.report_id}>"


def _moment(seconds: int) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_decoder = msgspec.json.Decoder(_Document)


def read_tls(data: bytes) -> list[TlsReport]:
    """One for each domain that it speaks of. Raises BadReport."""
    try:
        found = _decoder.decode(data)
        begin, end = _seconds(found.date_range.start), _seconds(found.date_range.end)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadReport("no TLS report") from error
    by_domain: dict[str, list[_Entry]] = {}
    for entry in found.policies[:MAX_POLICIES]:
        by_domain.setdefault(entry.policy.domain.lower().rstrip(".")[:253], []).append(entry)
    return [
        TlsReport(
            reporter=found.reporter[:MAX_TEXT_CHARS],
            report_id=found.report_id[:MAX_TEXT_CHARS],
            domain=domain,
            begin=begin,
            end=end,
            successes=sum(_count(entry.summary.successes) for entry in entries),
            failures=sum(_count(entry.summary.failures) for entry in entries),
            failing=tuple(_failing(entries)),
        )
        for domain, entries in by_domain.items()
        if domain
    ]


def _failing(entries: list[_Entry]) -> list[Failing]:
    return [
        Failing(
            kind=one.kind[:64],
            server=(one.server or "").lower()[:MAX_TEXT_CHARS],
            count=_count(one.count),
            policy=entry.policy.kind[:16],
        )
        for entry in entries
        for one in entry.failures
    ][:MAX_FAILURES]


def _count(number: int) -> int:
    return min(max(0, number), MAX_COUNT)


def _seconds(text: str) -> int:
    moment = dt.datetime.fromisoformat(text[:40])
    return int((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp())
