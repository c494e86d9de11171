"""What stands at the edges of the page covers nothing that is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

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
