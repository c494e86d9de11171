"""TLS reports, written and read (RFC 8460 appendix B is the first)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.smtp.tls_report import (
    MAX_FAILURES,
    BadReport,
    Failing,
    TlsReport,
    Tried,
    build,
    file_name,
    read_tls,
    subject,
)

REPORT: dict[str, Any] = {
    "organization-name": "Company-X",
    "date-range": {"start-datetime": "2026-11-26T00:00:00Z", "end-datetime": "2026-11-26T23:59:59Z"},
    "contact-info": "sts-reporting@company-x.example",
    "report-id": "5065427c-23d3-47ca-b6e0-946ea0e8c4be",
    "policies": [
        {
            "policy": {"policy-type": "sts", "policy-string": ["version: STSv1"], "policy-domain": "Posthouse.test"},
            "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303},
            "failure-details": [
                {"result-type": "certificate-expired", "sending-mta-ip": "2001:db8:abcd:0012::1",
                 "receiving-mx-hostname": "mx1.posthouse.test", "failed-session-count": 100},
                {"result-type": "starttls-not-supported", "sending-mta-ip": "2001:db8:abcd:0013::1",
                 "receiving-mx-hostname": "mx2.posthouse.test", "receiving-ip": "203.0.113.56",
                 "failed-session-count": 200, "additional-information": "x"},
                {"result-type": "validation-failure", "failed-session-count": 3},
            ],
        }
    ],
}  # fmt: skip


def test_the_report_of_the_rfc() -> None:
    (found,) = read_tls(json.dumps(REPORT).encode())
    assert (found.reporter, found.domain, found.successes, found.failures) == (
        "Company-X",
        "posthouse.test",
        5326,
        303,
    )
    assert [(one.kind, one.server, one.count) for one in found.failing] == [
        ("certificate-expired", "mx1.posthouse.test", 100),
        ("starttls-not-supported", "mx2.posthouse.test", 200),
        ("validation-failure", "", 3),
    ]
    assert found.end - found.begin == 86_399


def test_two_policies_of_one_domain_are_one() -> None:
    (found,) = read_tls(json.dumps({**REPORT, "policies": REPORT["policies"] * 2}).encode())
    assert (found.successes, len(found.failing)) == (10_652, 6)


def test_there_are_limits() -> None:
    many = {**REPORT["policies"][0], "failure-details": REPORT["policies"][0]["failure-details"] * 1_000}
    (found,) = read_tls(json.dumps({**REPORT, "policies": [many]}).encode())
    assert len(found.failing) == MAX_FAILURES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"policies": [],' * 10,
        json.dumps({**REPORT, "date-range": {"start-datetime": "then", "end-datetime": "now"}}).encode(),
        json.dumps({**REPORT, "policies": [{"policy": {}}]}).encode(),
        b'{"policies":' + b"[" * 100_000,
    ],
)
def test_what_is_none(data: bytes) -> None:
    with pytest.raises(BadReport):
        read_tls(data)


NAMES = st.from_regex(r"[a-z0-9]{1,12}(\.[a-z0-9]{1,12}){1,3}", fullmatch=True)
COUNTS = st.integers(1, 10**9)


@st.composite
def sessions(draw: st.DrawFn) -> Tried:
    policy = draw(st.sampled_from(["sts", "tlsa", "no-policy-found"]))
    failing = st.builds(
        Failing,
        kind=st.sampled_from(["certificate-expired", "validation-failure"]),
        server=st.one_of(st.just(""), NAMES),
        count=COUNTS,
        policy=st.just(policy),
    )
    return Tried(
        policy=policy,
        successes=draw(st.integers(0, 10**9)),
        failing=tuple(draw(st.lists(failing, max_size=4))),
        text=tuple(draw(st.lists(st.text(max_size=20), max_size=3))),
        mx=tuple(draw(st.lists(NAMES, max_size=2))),
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(sessions(), min_size=1, max_size=3), st.text(max_size=60), NAMES, st.integers(0, 4 * 10**9))
def test_what_is_written_is_read(tried: list[Tried], organisation: str, domain: str, begin: int) -> None:
    report = TlsReport(
        reporter=organisation,
        report_id=f"{domain}.1@there.test",
        domain=domain,
        begin=begin,
        end=begin + 86_399,
        successes=sum(one.successes for one in tried),
        failures=sum(failing.count for one in tried for failing in one.failing),
        failing=tuple(failing for one in tried for failing in one.failing),
    )
    assert read_tls(build(report, tried, contact="noreply@there.test")) == [report]
    assert file_name(report, "a.test") == f"a.test!{domain}!{begin}!{begin + 86_399}.json.gz"
    assert (
        subject(report, "a.test")
        == f"Report Domain: {domain} Submitter: a.test Report-ID: <{report.report_id}>"
    )
