"""Mail that nobody expects and everybody gets: tables as wide as a wall, subjects without an end, other scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests import make
from tests.e2e.browser import overflow
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.e2e

COLUMNS = "".join(f"<td>Column {number} of many</td>" for number in range(40))
TABLE = (
    "MIME-Version: 1.0\r\nFrom: zoe@outside.test\r\nTo: {to}\r\nSubject: As wide as a wall\r\n"
    "Message-ID: <wall@outside.test>\r\nContent-Type: text/html\r\n\r\n"
    f"<table width=3000 border=1><tr>{COLUMNS}</tr></table><p>The end</p>\r\n"
)


def size(place: Locator) -> tuple[float, float, float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_a_table_of_many_columns_scrolls_and_stays_readable(cast: Cast, desk: Sit, width: str) -> None:
    make.email(cast.alice, TABLE.format(to=cast.alice.email).encode())
    alice = desk(cast.alice, size=width)
    alice.row("As wide as a wall").click()
    mail = alice.page.get_by_title("Mail from zoe@").content_frame
    expect(mail.get_by_text("The end")).to_be_visible()
    # "Column" stands whole in its cell, in its own size.
    assert size(mail.get_by_role("cell").first)[2] >= 45
    mail.locator("html").evaluate("html => html.scrollTo(html.scrollWidth, 0)")
    expect(mail.get_by_role("cell").last).to_be_in_viewport()
    assert overflow(alice.page) == 0
    frame, end = size(alice.page.get_by_title("Mail from zoe@")), size(mail.get_by_text("The end"))
    assert end[1] + end[3] <= frame[1] + frame[3]
