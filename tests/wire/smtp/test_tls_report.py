"""Reading TLS reports (RFC 8460 appendix B is the first)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from posthouse.wire.smtp.tls_report import MAX_FAILURES, BadReport, read_tls

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
