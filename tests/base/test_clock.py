"""Times as JSON shows them."""

from __future__ import annotations

import datetime as dt

import pytest

from posthouse.base import clock


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00.000Z", "0999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z",
     "2026-11-21T07:20:00.123Z", "9999-12-31T23:59:59.001Z"],
)  # fmt: skip
def test_a_time_of_any_year_is_one_that_a_browser_can_read(text: str) -> None:
    moment = dt.datetime.fromisoformat(text)
    assert clock.iso(clock.to_ms(moment)) == text
