"""Mail that nobody expects and everybody gets: tables as wide as a wall, subjects without an end, other scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests import make
from tests.e2e.browser import overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_rail import label

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


def test_a_subject_without_a_space_stays_on_the_page(cast: Cast, desk: Sit) -> None:
    make.email(cast.alice, subject="S" * 300)
    alice = desk(cast.alice, size="phone")
    alice.open("S" * 300)
    left, _, width, _ = size(alice.page.get_by_role("heading", name="S" * 300))
    assert left + width <= 390


def test_text_reads_in_the_direction_of_its_script(cast: Cast, desk: Sit) -> None:
    make.email(cast.alice, subject="שלום, מחר", text="שלום רב,\r\nGood morning,\r\n")
    alice = desk(cast.alice)
    alice.open("שלום, מחר")
    edges = alice.thread.get_by_text("Good morning,").evaluate(
        """(text) => {
            const range = document.createRange();
            const node = text.firstChild;
            const edge = (from, to) => (range.setStart(node, from), range.setEnd(node, to), range.getClientRects()[0]);
            const hebrew = edge(0, 8), comma = edge(7, 8), english = edge(9, 21);
            return [comma.left - hebrew.left, hebrew.left - english.left];
        }"""
    )
    assert edges[0] <= 1, "the comma ends its line on the left"
    assert edges[1] > 100, "the English line begins on the left, the Hebrew one on the right"


def test_many_recipients_are_counted(cast: Cast, desk: Sit) -> None:
    others = ", ".join(f"Person {number} <p{number}@outside.test>" for number in range(80))
    make.email(cast.alice, subject="To the whole house", headers=f"Cc: {others}\r\n")
    alice = desk(cast.alice, size="phone")
    alice.open("To the whole house")
    expect(alice.page.get_by_role("button", name="to me, Person and 79 others")).to_be_visible()


def test_labels_can_be_told_apart_in_the_folded_rail(cast: Cast, desk: Sit) -> None:
    for name in ("Work", "Home bills", "2026"):
        label(cast.alice, name)
    alice = desk(cast.alice, size="medium")
    for name, short in (("Work", "Wo"), ("Home bills", "HB"), ("2026", "26")):
        drawn = alice.mailbox(name).locator("[data-initials]")
        expect(drawn).to_be_visible()
        assert drawn.evaluate("it => getComputedStyle(it, '::before').content") == f'"{short}"'
