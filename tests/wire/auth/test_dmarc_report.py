"""DMARC aggregate reports: written and read, also those that mean harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.auth.dmarc_record import POLICIES, read_record
from posthouse.wire.auth.dmarc_report import (
    MAX_ROWS,
    Aggregate,
    AuthResult,
    BadReport,
    Observed,
    Row,
    build,
    file_name,
    read_aggregate,
    subject,
)
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


NAMES = st.from_regex(r"[a-z0-9]{1,12}(\.[a-z0-9&<>'\"]{1,12}){1,3}", fullmatch=True)
TEXTS = (
    st.text(min_size=1, max_size=60)
    .map(lambda text: " ".join(text.split()))
    .filter(str.isprintable)
    .filter(bool)
)
ADDRESSES = st.ip_addresses().map(str)


@st.composite
def observations(draw: st.DrawFn) -> Observed:
    """The domains of a row are those of the first results that passed, as a reader has them."""
    results = draw(
        st.lists(
            st.builds(
                AuthResult,
                method=st.sampled_from(["dkim", "spf"]),
                domain=NAMES,
                result=st.sampled_from(["pass", "fail", "none", "temperror"]),
                detail=st.sampled_from(["", "mfrom", "s1"]),
            ),
            max_size=4,
        )
    )
    passed = {one.method: one.domain for one in reversed(results) if one.result == "pass"}
    row = Row(
        source=draw(ADDRESSES),
        count=draw(st.integers(1, 10**9)),
        disposition=draw(st.sampled_from(POLICIES)),
        dkim=draw(st.sampled_from(["pass", "fail"])),
        spf=draw(st.sampled_from(["pass", "fail"])),
        header_from=draw(NAMES),
        dkim_domain=passed.get("dkim", ""),
        spf_domain=passed.get("spf", ""),
    )
    return Observed(row=row, results=tuple(results), reason=draw(st.sampled_from(["", "local_policy"])))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(observations(), max_size=6, unique_by=lambda one: (one.row.source, one.row.header_from)),
    TEXTS,
    NAMES,
    st.sampled_from(POLICIES),
    st.integers(0, 10**9),
)
def test_what_is_written_is_read(
    observed: list[Observed], organisation: str, domain: str, policy: str, begin: int
) -> None:
    record = read_record(f"v=DMARC1; p={policy}; sp=none; adkim=s")
    assert record is not None
    report = Aggregate(
        reporter=organisation,
        report_id=f"{domain}.1@there.test",
        domain=domain,
        policy=policy,
        begin=begin,
        end=begin + 86_399,
        rows=tuple(one.row for one in observed),
    )
    found = read_aggregate(build(report, observed, contact="noreply@there.test", record=record))
    assert set(found.rows) == set(report.rows) and len(found.rows) == len(report.rows)
    assert found == Aggregate(
        reporter=report.reporter,
        report_id=report.report_id,
        domain=report.domain,
        policy=report.policy,
        begin=report.begin,
        end=report.end,
        rows=found.rows,
    )


def test_what_xml_cannot_hold_is_left_out() -> None:
    observed = Observed(
        row=Row(
            source="192.0.2.1",
            count=1,
            disposition="none",
            dkim="fail",
            spf="fail",
            header_from="a\0b\x1b.test",
        ),
        results=(AuthResult(method="spf", domain="\ud800\ufffe</domain>", result="fail"),),
    )
    record = read_record("v=DMARC1; p=none")
    report = Aggregate(reporter="A", report_id="1", domain="b.test", policy="none", begin=1, end=2, rows=())
    assert record is not None
    (row,) = read_aggregate(build(report, [observed], contact="a@b.test", record=record)).rows
    assert row.header_from == "a b .test"


def test_names_and_subjects_are_those_of_the_rfc() -> None:
    report = Aggregate(reporter="A", report_id="7", domain="b.test", policy="none", begin=1, end=2, rows=())
    assert file_name(report, "a.test") == "a.test!b.test!1!2.xml.gz"
    assert subject(report, "a.test") == "Report Domain: b.test Submitter: a.test Report-ID: <7>"
