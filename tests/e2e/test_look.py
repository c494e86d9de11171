"""Every page at three widths, in light and dark: nothing wider than the window, and axe finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.e2e.browser import Desk, axe_faults, overflow
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast, Person

pytestmark = pytest.mark.e2e

LONG = "A subject that goes on, and on, and does not stop where anybody would have stopped it"
HTML = (
    "MIME-Version: 1.0\r\nFrom: A Very Long Name of a Sender Indeed <zoe@a-rather-long-domain.outside.test>\r\n"
    "To: {to}\r\nSubject: Wide as a house\r\nMessage-ID: <wide@outside.test>\r\n"
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"
    "<table width=900><tr><td bgcolor='#eee'>A table of 900 pixels</td></tr></table>"
    "<p>https://outside.test/" + "very-long-word-without-an-end-" * 12 + "</p>\r\n"
    "--x\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=plates.csv\r\n\r\n1,2\r\n--x--\r\n"
)


def furnish(person: Person) -> None:
    for number in range(12):
        make.email(person, subject=f"{number} {LONG}", text="Some words " * 20 + "\r\n", flags=number % 4)
    make.email(person, HTML.format(to=person.email).encode())
    make.email(
        person,
        subject="Plain enough",
        text="Look at https://outside.test/" + "x" * 300 + "\r\n\r\n> An old word\r\n\r\n-- \r\nZoe\r\n",
    )


class Look:
    """Goes from page to page and remembers what is wrong with each."""

    def __init__(self, desk: Desk, name: str, *, asks_axe: bool) -> None:
        self.desk, self.name, self.asks_axe = desk, name, asks_axe
        self.faults: list[str] = []

    def at(self, place: str) -> None:
        page = self.desk.page
        settle(page)
        self.desk.shot(f"{self.name}-{place}")
        found = axe_faults(page) if self.asks_axe else []
        if (wider := overflow(page)) > 0:
            found.append(f"{wider} px wider than the window")
        self.faults += [f"{place}: {fault}" for fault in found]


def settle(page: Page) -> None:
    """Fading in is a change of contrast to axe. What goes round for ever is not waited for."""
    page.evaluate(
        """() => {
            const ends = (one) => Number.isFinite(one.effect.getComputedTiming().endTime);
            const all = Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
            return Promise.race([all, new Promise((resolve) => setTimeout(resolve, 2000))]).then(() => null);
        }"""
    )


def tour(look: Look, person: Person, *, is_phone: bool) -> None:
    desk, page = look.desk, look.desk.page
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    look.at("log-in")
    desk.go("/nothing/like/this")
    expect(page.get_by_role("heading", level=1, name="There is no such page")).to_be_visible()
    look.at("no-such-page")
    desk.go("/")
    desk.log_in(person)
    expect(desk.rows.first).to_contain_text("Plain enough")
    look.at("inbox")
    desk.row("Wide as a house").click()
    expect(
        page.get_by_title("Mail from zoe@").content_frame.get_by_text("A table of 900 pixels")
    ).to_be_visible()
    look.at("thread-html")
    page.get_by_role("button", name="Previous thread").click()
    expect(page.get_by_role("article").get_by_text("Look at https://outside.test/")).to_be_visible()
    look.at("thread-text")
    page.get_by_role("button", name="Reply", exact=True).last.click()
    expect(desk.answer.get_by_role("textbox", name="Message")).to_be_visible()
    look.at("answer")
    desk.answer.get_by_role("button", name="Discard draft").click()
    for press, place, name in (("Control+k", "palette", "Commands"), ("?", "keys", "Keyboard shortcuts")):
        desk.press(press)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        look.at(place)
        desk.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    if not is_phone:
        desk.press("c")
        expect(desk.composer.get_by_role("combobox", name="To")).to_be_focused()
        look.at("composer")
        desk.composer.get_by_role("button", name="Close and keep the draft").click()
    for place in ("profile", "security", "notifications", "appearance", "mail", "developer"):
        desk.go(f"/settings/{place}")
        expect(page.get_by_role("heading", level=1, name=place)).to_be_visible()
        expect(page.get_by_role("main").locator("[aria-busy]")).to_have_count(0)
        look.at(f"settings-{place}")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [("wide", "light"), ("wide", "dark"), ("medium", "light"), ("phone", "light"), ("phone", "dark")],
)
def test_pages_fit_and_are_accessible(cast: Cast, desk: Sit, size: str, scheme: str) -> None:
    furnish(cast.alice)
    one = desk(size=size, color_scheme=scheme, reduced_motion="reduce")
    # The dark of a phone is the dark of a desk.
    look = Look(one, f"{size}-{scheme}", asks_axe=(size, scheme) != ("phone", "dark"))
    tour(look, cast.alice, is_phone=size == "phone")
    assert look.faults == []


def test_a_phone_shows_one_pane_at_a_time(cast: Cast, desk: Sit) -> None:
    furnish(cast.alice)
    alice = desk(cast.alice, size="phone", has_touch=True)
    bar = alice.page.get_by_role("navigation", name="Places")
    expect(bar.get_by_role("link", name="Mail")).to_have_attribute("aria-current", "page")
    grid = alice.page.get_by_role("grid")
    grid.evaluate("grid => grid.scrollTo(0, 200)")
    alice.row("5 A subject").tap(trial=True)  # scrolls as the tap below would
    scrolled = grid.evaluate("grid => grid.scrollTop")
    assert scrolled >= 200
    row = alice.row("Plain enough")
    alice.row("5 A subject").tap()
    expect(alice.page.get_by_role("heading", name="5 A subject")).to_be_visible()
    expect(grid).to_be_hidden()
    alice.page.get_by_role("button", name="Back to the list").tap()
    expect(grid).to_be_visible()
    assert grid.evaluate("grid => grid.scrollTop") == scrolled
    alice.row("5 A subject").tap()
    expect(grid).to_be_hidden()
    alice.page.go_back()
    expect(grid).to_be_visible()

    alice.page.get_by_role("button", name="Mailboxes").tap()
    drawer = alice.page.get_by_role("dialog", name="Mailboxes")
    expect(drawer.get_by_role("link", name="Starred")).to_be_visible()
    settle(alice.page)
    alice.shot("phone-drawer")
    drawer.get_by_role("link", name="Starred").tap()
    expect(drawer).to_be_hidden()
    expect(alice.page.get_by_role("heading", name="Starred", level=2)).to_be_visible()
    bar.get_by_role("button", name="Search").tap()
    alice.page.get_by_role("combobox", name="Search mail").fill("plain")
    expect(row).to_be_visible()
    alice.shot("phone-search")
    bar.get_by_role("link", name="Mail").tap()
    alice.page.get_by_role("button", name="Write").tap()
    expect(alice.composer.get_by_role("combobox", name="To")).to_be_visible()
    settle(alice.page)
    assert overflow(alice.page) == 0
    alice.shot("phone-composer")


def test_without_motion_nothing_moves(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice, reduced_motion="reduce")
    alice.press("c")
    expect(alice.composer).to_be_visible()
    alice.press("Control+k")
    durations = alice.page.evaluate(
        "document.getAnimations().map((one) => one.effect.getComputedTiming().duration)"
    )
    assert [duration for duration in durations if duration > 10] == []
