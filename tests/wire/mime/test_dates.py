"""Dates of mail (RFC 5322 §3.3, §4.3)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from posthouse.wire.mime.dates import parse_date
from tests.wire.mime.samples import corpus_messages

FRIDAY = 1_795_169_470_000


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 20 Nov 2026 10:11:10 +0000",
        "Fri, 20 Nov 2026 11:11:10 +0100 (CET)",
        "20 Nov 2026 05:11:10 -0500",
        "Fri, 20 Nov 2026 05:11:10 EST",
        "Fri,20 Nov 2026 10:11:10 GMT",
        "Friday, 20-Nov-26 10:11:10 UT",
        "Fri Nov 20 10:11:10 2026",
        "fri, 20 NOV 126 10:11:10 Z",
        "Fri, 20 Nov 2026 10.11.10 +0000",
        "Fri, 20 (the) Nov 2026  10:11:10  +0000",
    ],
)
def test_form_is_understood(text: str) -> None:
    assert parse_date(text) == FRIDAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "32 Jan 2026 10:00:00 +0000",
        "1 Jan 2026 25:00:00 +0000",
        "1 2026",
        "Fri, 20 Nov",
        "1 " * 100_000,
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_time_without_seconds_or_zone() -> None:
    assert parse_date("20 Nov 2026 10:11") == FRIDAY - 10_000


def test_real_mail_has_the_dates_that_python_finds() -> None:
    compared = differing = 0
    for raw in corpus_messages():
        for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"):
            if line[:5].lower() != b"date:" or not line.isascii():
                continue
            try:
                expected = parsedate_to_datetime(line[5:].decode().strip())
            except (ValueError, TypeError):
                continue
            if expected.tzinfo is not None:
                compared += 1
                differing += parse_date(line[5:].decode().strip()) != int(expected.timestamp() * 1000)
    assert compared > 1000
    assert differing <= compared * 0.005
