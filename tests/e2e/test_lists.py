"""Mailing lists and suppressions in the browser: made, filled, written to, left, and whom they pass over."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import outside, until
from tests.delivery.test_lists import click, way_out
from tests.delivery.test_mailing import made, parsed, write
from tests.delivery.test_suppressed import bounced
from tests.delivery.test_vacation import idle
from tests.delivery.transport.peer import Peer
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_organisation import open_section, row
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def world(house: RunningHouse) -> Iterator[Peer]:
    with outside(house, "outside.test") as peer:
        yield peer


def test_a_list_is_made_filled_and_written_to(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer, desk: Sit
) -> None:
    alice.ok(alice.patch("/me/", {"preferences": {"undo_send_seconds": 0}}))
    one = desk(cast.alice, path="/settings/lists")
    page = one.page
    page.get_by_role("button", name="Add a list").click()
    dialog = page.get_by_role("dialog", name="Add a list")
    dialog.get_by_label("Title").fill("News of the inn")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="News of the inn", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Write a mail")).to_be_disabled()

    page.get_by_role("button", name="Add people").click()
    dialog = page.get_by_role("dialog", name="Add people to News of the inn")
    dialog.get_by_label("People", exact=True).fill("Ann Lee <ann@outside.test>\nb@outside.test\nnobody")
    dialog.get_by_label("How they said yes").fill("Asked at the counter")
    one.shot("list-import")
    assert axe_faults(page) == []
    dialog.get_by_role("button", name="Add", exact=True).click()
    dialog = page.get_by_role("dialog", name="2 people are on the list now")
    expect(dialog).to_contain_text("nobody")
    dialog.get_by_role("button", name="Done").click()
    members = page.get_by_role("list", name="Members")
    expect(members.get_by_role("listitem")).to_have_count(2)
    expect(members).to_contain_text("Asked at the counter")

    page.get_by_role("button", name="Write a mail").click()
    form = page.get_by_role("form", name="Mail to News of the inn")
    form.get_by_label("Subject").fill("The new stable")
    form.get_by_role("textbox", name="Message").fill("It is open.")
    form.get_by_role("button", name="Send").click()
    asked = page.get_by_role("dialog", name="Send it to everybody?")
    expect(asked).to_contain_text("goes to 2 people on News of the inn")
    asked.get_by_role("button", name="Send").click()
    until(lambda: len(world.messages) == 2)
    idle()
    outcome = page.get_by_role("list", name="What came of it").get_by_role("listitem")
    expect(outcome).to_contain_text("2 delivered", timeout=15_000)

    first = next(parsed(raw) for raw in world.messages if parsed(raw)["To"] == "ann@outside.test")
    assert click(house, way_out(first)).status == 200
    page.reload()
    ann = members.get_by_role("listitem").filter(has_text="Ann Lee")
    expect(ann).to_contain_text("Left ")
    one.shot("list")
    assert axe_faults(page) == [] and overflow(page) == 0
    ann.get_by_role("button", name="Send again to ann@outside.test").click()
    page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    expect(ann).not_to_contain_text("Left ")
    members.get_by_role("button", name="Take off b@outside.test").click()
    expect(members.get_by_role("listitem")).to_have_count(1)


def test_a_mail_to_a_list_is_taken_back(cast: Cast, alice: Client, world: Peer, desk: Sit) -> None:
    alice.ok(alice.patch("/me/", {"preferences": {"undo_send_seconds": 60}}))
    listed = made(alice, "a@outside.test")
    page = desk(cast.alice, path=f"/settings/lists/{listed}").page
    page.get_by_role("button", name="Write a mail").click()
    form = page.get_by_role("form", name="Mail to News of the inn")
    form.get_by_label("Subject").fill("Too soon")
    form.get_by_role("textbox", name="Message").fill("x")
    form.get_by_role("button", name="Send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back. The text lies in Drafts.")).to_be_visible()
    assert world.messages == [] and alice.get(f"/lists/{listed}/sendings/").json["items"] == []


def test_what_lists_pass_over_is_seen_and_released(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    bounced(house, cast)
    one = desk(cast.alice)
    page = open_section(one, "Suppressions")
    zoe = row(page, "zoe@gone.test", "Suppressions")
    expect(zoe).to_contain_text("Nobody is there")
    expect(zoe).to_contain_text("550 5.1.1 no such user")
    one.shot("suppressions")
    assert axe_faults(page) == [] and overflow(page) == 0
    page.get_by_label("Why").select_option("They complained")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
    page.get_by_label("Why").select_option("For any reason")
    zoe.get_by_role("button", name="Release zoe@gone.test").click()
    expect(page.get_by_text("No address is passed over")).to_be_visible()
    assert alice.get("/sending/suppressions/").json["items"] == []


def test_who_manages_nothing_has_no_such_page(cast: Cast, desk: Sit) -> None:
    one = desk(cast.bob, path="/settings/lists")
    expect(one.page.get_by_role("button", name="Add a list")).to_be_visible()
    one.page.get_by_role("button", name=re.compile("Look, settings, log out")).click()
    expect(one.page.get_by_role("menuitem", name="Organisation")).to_have_count(0)


@pytest.mark.parametrize("size", ["medium", "phone"])
def test_the_pages_fit(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer, desk: Sit, size: str
) -> None:
    bounced(house, cast, address=f"{'long-name-' * 6}@gone.test")
    listed = made(alice, f"{'Very ' * 20}Long <a@outside.test>\nb@outside.test", title="Long title " * 15)
    alice.ok(write(alice, listed, subject="Words " * 40), 202)
    idle()
    one = desk(cast.alice, path=f"/settings/lists/{listed}", size=size)
    expect(one.page.get_by_role("list", name="What came of it")).to_be_visible()
    expect(one.page.get_by_role("list", name="Members")).to_be_visible()
    one.shot(f"list-{size}")
    assert overflow(one.page) == 0 and axe_faults(one.page) == []
    one.go("/organisation/suppressed")
    expect(one.page.get_by_role("table", name="Suppressions")).to_be_visible()
    one.shot(f"suppressions-{size}")
    assert overflow(one.page) == 0 and axe_faults(one.page) == []
