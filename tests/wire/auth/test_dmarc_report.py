"""Reading DMARC aggregate reports, also those that mean harm."""

from __future__ import annotations

import time

import pytest

from posthouse.wire.auth.dmarc_report import MAX_ROWS, BadReport, read_aggregate
from tests.wire.auth.dmarc_samples import record, report


def test_a_report() -> None:
    found = read_aggregate(
        report(record(), record("2001:db8::1", 2, dkim="fail", spf="pass", disposition="reject"))
    )
    assert (found.reporter, found.report_id, found.domain, found.policy) == (
        "There Mail", "r-1", "posthouse.test", "quarantine",
    )  # fmt: skip
    assert found.end - found.begin == 86_400
    first, second = found.rows
    assert (first.source, first.count, first.dkim, first.spf, first.disposition) == (
        "192.0.2.1",
        3,
        "pass",
        "fail",
        "none",
    )
    assert (first.dkim_domain, first.spf_domain, first.header_from) == (
        "posthouse.test",
        "",
        "posthouse.test",
    )
    assert (second.source, second.count, second.spf_domain, second.dkim_domain) == (
        "2001:db8::1",
        2,
        "bounce.test",
        "",
    )


def test_rows_that_are_alike_are_one() -> None:
    assert [row.count for row in read_aggregate(report(record(count=3), record(count=4))).rows] == [7]


@pytest.mark.parametrize(
    ("source", "count"), [("somewhere", 1), ("192.0.2.1", "many"), ("192.0.2.1", 0), ("192.0.2.1", -4)]
)
def test_a_row_of_nonsense_is_left_out(source: str, count: object) -> None:
    assert [
        row.source for row in read_aggregate(report(record(source, count), record("192.0.2.9"))).rows
    ] == ["192.0.2.9"]


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"nothing",
        b"<feedback></feedback>",
        report(record())[:-5],
        report(domain=""),
        report(number=""),
        report(extra='<!DOCTYPE a [<!ENTITY x "y">]>'),
        report(extra='<!DOCTYPE a SYSTEM "file:///etc/passwd">'),
        report("<a>" * 100 + "</a>" * 100),
        report("<record/>" * 500_000),
    ],
    ids=[
        "empty",
        "no xml",
        "no head",
        "cut",
        "no domain",
        "no number",
        "entities",
        "outside",
        "deep",
        "many",
    ],
)
def test_what_is_refused(xml: bytes) -> None:
    began = time.process_time()
    with pytest.raises(BadReport):
        read_aggregate(xml)
    assert time.process_time() - began < 2.0


def test_more_rows_than_are_kept() -> None:
    rows = (record(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}") for n in range(MAX_ROWS + 50))
    assert len(read_aggregate(report(*rows)).rows) == MAX_ROWS


def test_a_long_text_is_cut() -> None:
    found = read_aggregate(report(record(), number="x" * 100_000))
    assert len(found.report_id) == 255
