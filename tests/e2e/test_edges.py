"""What stands at the edges of the page covers nothing that is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests import make
from tests.e2e.browser import Desk
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.e2e

COVERED = """times => times.flatMap((time) => {
    const { left, right, top, bottom } = time.getBoundingClientRect();
    const grid = time.closest("[role=grid]");
    const bounds = grid.getBoundingClientRect();
    if (top < bounds.top || bottom > bounds.bottom) return [];
    const corners = [[left + 1, top + 1], [right - 1, top + 1], [left + 1, bottom - 1], [right - 1, bottom - 1]];
    const isFree = corners.every(([x, y]) => grid.contains(document.elementFromPoint(x, y)));
    return isFree ? [] : [time.closest("[role=row]").textContent];
})"""


def covered(desk: Desk) -> list[str]:
    """Rows in view whose date something else lies over."""
    return desk.page.locator("[role=row] time").evaluate_all(COVERED)  # type: ignore[no-any-return]


def to_the_end(desk: Desk) -> None:
    """The last row in full view, as far as scrolling goes."""
    grid = desk.page.get_by_role("grid")
    grid.evaluate("grid => grid.scrollTo(0, grid.scrollHeight)")
    expect(desk.row("Number 0")).to_be_in_viewport(ratio=1)


def test_on_a_phone_no_date_is_covered_wherever_one_scrolls(cast: Cast, desk: Sit) -> None:
    for number in range(20):
        make.email(cast.alice, subject=f"Number {number}")
    alice = desk(cast.alice, size="phone", has_touch=True)
    expect(alice.row("Number 19")).to_be_visible()
    assert covered(alice) == []
    to_the_end(alice)
    assert covered(alice) == []

    for subject in ("First", "Second"):
        alice.page.get_by_role("button", name="Write").tap()
        alice.composer.get_by_role("textbox", name="Subject").last.fill(subject)
        alice.composer.get_by_role("button", name="Minimise", exact=True).tap()
    expect(alice.composer).to_have_count(2)
    to_the_end(alice)
    last = alice.row("Number 0").bounding_box()
    window = alice.composer.first.bounding_box()
    other = alice.composer.last.bounding_box()
    assert last and window and other
    assert last["y"] + last["height"] <= min(window["y"], other["y"])
    alice.shot("phone-folded-windows")


@pytest.mark.parametrize("size", ["wide", "medium"])
def test_news_never_cover_the_sign_of_the_state(cast: Cast, desk: Sit, size: str) -> None:
    for number in range(3):
        make.email(cast.alice, subject=f"Number {number}")
    alice = desk(cast.alice, size=size)
    for number in range(3):
        alice.row(f"Number {number}").hover()
        alice.row(f"Number {number}").get_by_role("button", name="Archive").click()
    news = alice.page.get_by_role("region", name="News")
    expect(news.get_by_role("button", name="Undo")).to_have_count(3)
    assert not overlap(news, alice.sign)
    assert not overlap(news, alice.page.get_by_role("button", name="Alice"))
    alice.shot(f"news-{size}")


def test_on_a_phone_news_leave_the_sign_in_the_drawer_and_the_bar_free(cast: Cast, desk: Sit) -> None:
    make.email(cast.alice, subject="Number 0")
    alice = desk(cast.alice, size="phone", has_touch=True)
    alice.row("Number 0").tap()
    alice.page.get_by_role("button", name="Archive").tap()
    news = alice.page.get_by_role("region", name="News")
    expect(news.get_by_role("button", name="Undo")).to_be_visible()
    assert not overlap(news, alice.page.get_by_role("navigation", name="Places"))
    alice.page.get_by_role("button", name="Mailboxes").tap()
    drawer = alice.page.get_by_role("dialog", name="Mailboxes")
    expect(drawer.get_by_role("status")).to_have_text("Synced")
    # The drawer is all there is to a reader of the page while it is open.
    card = alice.page.locator(".news")
    expect(card.get_by_text("Archived")).to_be_visible()
    assert not overlap(card, drawer.get_by_role("status"))
    alice.shot("news-phone-drawer")


def overlap(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a and b
    return (
        a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    )
