"""The operator's pages at /admin/ as a person meets them: through our log-in, with a keyboard, in every size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.admin.operator import stale
from tests.e2e.browser import WAIT_MS, Desk, axe_faults, overflow
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast, Person

pytestmark = pytest.mark.e2e

LISTS = (
    "identity/user",
    "identity/session",
    "mail/account",
    "mail/email",
    "delivery/recipient",
    "audit/line",
)


def enter(
    desk: Sit, person: Person, *, path: str = "/admin/", size: str = "wide", scheme: str = "light"
) -> Desk:
    """Asks for a page of the server's own, is sent to our log-in, and comes back to it."""
    from posthouse.identity import operators

    operators.appoint(person.email, is_operator=True)
    seated = desk(path=path, size=size, color_scheme=scheme)
    seated.expect_fault("401")
    expect(seated.page.get_by_role("heading", name="Posthouse")).to_be_visible()
    seated.log_in(person)
    seated.page.wait_for_url(f"**{path}*", timeout=WAIT_MS)
    return seated


def test_an_operator_logs_in_filters_people_and_switches_one_off(cast: Cast, desk: Sit) -> None:
    mallory = enter(desk, cast.mallory, path="/admin/identity/user/")
    page = mallory.page
    page.get_by_placeholder("Type to search").fill(cast.domain)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=cast.bob.email)).to_be_visible()
    expect(page.get_by_role("link", name=cast.mallory.email, exact=True)).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("link", name="Member", exact=True).click()
    expect(page.get_by_role("link", name=cast.alice.email)).to_be_hidden()
    expect(page.get_by_text("1 found")).to_be_visible()
    page.get_by_role("checkbox", name="Select record").check()
    page.get_by_role("combobox").select_option("Switch off")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("Switch off: done.")).to_be_visible()
    page.get_by_role("link", name=cast.bob.email).click()
    expect(page.get_by_role("checkbox", name="Switched on")).not_to_be_checked()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Switch on: done.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Switched on")).to_be_checked()


def test_a_dangerous_act_asks_who_is_there_and_goes_on(cast: Cast, desk: Sit) -> None:
    mallory = enter(desk, cast.mallory)
    stale(cast.mallory)
    page = mallory.page
    page.goto(f"{mallory.house.http}/admin/identity/user/{cast.bob.actor.user_id}/change/")
    page.get_by_role("button", name="Make an operator").click()
    page.get_by_role("link", name="Show once more that it is you").click()
    page.get_by_role("dialog").get_by_label("Password").fill(cast.mallory.password)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/change/")
    page.get_by_role("button", name="Make an operator").click()
    expect(page.get_by_role("button", name="Make no operator any more")).to_be_visible()


def test_who_is_no_operator_comes_to_nothing(cast: Cast, desk: Sit) -> None:
    seated = desk(path="/admin/")
    seated.expect_fault("401|404")
    seated.log_in(cast.alice)
    seated.page.wait_for_url("**/admin/", timeout=WAIT_MS)
    expect(seated.page.get_by_text("not_found")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("medium", "dark"), ("phone", "light")])
def test_pages_are_sound_at_every_size(cast: Cast, desk: Sit, size: str, scheme: str) -> None:
    make.email(cast.alice, subject="Nobody reads this here")
    mallory = enter(desk, cast.mallory, size=size, scheme=scheme)
    page, found = mallory.page, []
    paths = ["/admin/", *(f"/admin/{name}/" for name in LISTS)]
    paths += [f"/admin/identity/user/{cast.bob.actor.user_id}/{page_}/" for page_ in ("change", "delete")]
    for path in [*paths, "/admin/identity/user/add/", "/admin/identity/user/?q=nobody-of-this-name"]:
        page.goto(mallory.house.http + path)
        expect(page.get_by_role("main")).to_be_visible()
        mallory.shot(f"operator-{size}-{path.strip('/').replace('/', '-')[:40]}")
        found += [f"{path}: {fault}" for fault in axe_faults(page)]
        if (wider := overflow(page)) > 0:
            found.append(f"{path}: {wider} px wider than the window")
    assert found == []


def test_all_of_it_by_keyboard(cast: Cast, desk: Sit) -> None:
    """What unfold opens by the mouse alone has buttons here."""
    page = enter(desk, cast.mallory, path="/admin/identity/user/").page
    filters = page.get_by_role("button", name="Filters")
    filters.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="By role")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="By role")).to_be_hidden()
    page.get_by_role("button", name="Dark").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    _folds(page)


def _folds(page: Page) -> None:
    sidebar = page.get_by_role("link", name="Overview")
    expect(sidebar).to_be_visible()
    page.get_by_role("button", name="Fold the sidebar").press("Enter")
    expect(sidebar).to_be_hidden()
    page.reload()
    expect(sidebar).to_be_hidden()
