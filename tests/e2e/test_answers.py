"""Answers and forwards in the browser: set, shown while they are on, confirmed, taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import bytes_of, outside
from tests.delivery.test_vacation import answers, deliver, idle
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.house import RunningHouse
from tests.letters import Letters

pytestmark = pytest.mark.e2e

PAGE = "/settings/answers"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def test_whoever_is_away_says_so_and_sees_it(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    make.email(cast.alice, subject="Plates")
    one = desk(cast.alice, path=PAGE)
    page = one.page
    card = page.get_by_role("region", name="While you are away")
    switch = card.get_by_role("switch", name="Answer for me")
    switch.click()
    expect(card.get_by_text("Say something first.")).to_be_visible()
    card.get_by_label("What they are told").fill("Back in January.")
    card.get_by_label("First day away").fill("2026-01-05")
    card.get_by_label("Last day away").fill("2026-01-04")
    expect(card.get_by_text("It ends before it begins.")).to_be_visible()
    card.get_by_label("Last day away").fill("")
    card.get_by_label("Subject").fill("Away")
    switch.click()
    expect(switch).to_be_checked()
    expect(card.get_by_text("On until you switch it off.")).to_be_visible()
    one.shot("answers")
    assert axe_faults(page) == []
    with outside(house, "outside.test") as peer:
        deliver(house, cast.alice)
        (answer,) = answers(peer, cast)
        assert answer["Subject"] == "Away"
    one.go("/")
    banner = page.get_by_role("status").filter(has_text="You are away")
    expect(banner).to_be_visible()
    one.shot("answers-banner")
    banner.get_by_role("link", name="Change").click()
    switch.click()
    expect(switch).not_to_be_checked()
    one.go("/")
    expect(one.row("Plates")).to_be_visible()
    expect(banner).to_have_count(0)
    assert alice.get("/vacation/").json["is_enabled"] is False


def test_a_forward_is_added_confirmed_and_removed(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    with outside(house, "away.test") as peer:
        one = desk(cast.alice, path=PAGE)
        page = one.page
        card = page.get_by_role("region", name="Forwards")
        card.get_by_role("button", name="Add a forward").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Where your mail goes on to").fill("alice@away.test")
        dialog.get_by_role("button", name="Send a code").click()
        field = dialog.get_by_label("The code that went to alice@away.test")
        one.expect_fault(r"400 \(Bad Request\)")
        field.fill("1111-1111")
        dialog.get_by_role("button", name="Begin to forward").click()
        expect(dialog.get_by_text("The code is wrong or too old.")).to_be_visible()
        field.fill(Letters(peer).code())
        one.shot("forward-code")
        dialog.get_by_role("button", name="Begin to forward").click()
        listed = card.get_by_role("list", name="Forwards").get_by_role("listitem")
        expect(listed).to_contain_text("alice@away.test")
        card.get_by_label("What stays here of mail to alice@away.test").select_option("Then put it in Trash")
        expect(listed.get_by_role("switch")).to_be_checked()
        one.shot("forwards")
        assert axe_faults(page) == [] and overflow(page) == 0
        deliver(house, cast.alice, subject="Onwards")
        idle()
        assert re.search(rb"^Subject: Onwards\r$", bytes_of(peer.messages[-1]), re.MULTILINE)
        one.go("/")
        one.mailbox("Trash").click()
        one.row("Onwards").click()
        expect(one.thread.get_by_role("button", name="Forwarded")).to_be_visible()
        one.go(PAGE)
        card.get_by_role("button", name="Remove the forward to alice@away.test").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(card.get_by_text("None yet: all mail stays here.")).to_be_visible()
    assert alice.get("/forwards/").json["items"] == []


@pytest.mark.parametrize("size", ["medium", "phone"])
def test_the_page_fits(house: RunningHouse, cast: Cast, alice: Client, desk: Sit, size: str) -> None:
    alice.ok(alice.post("/forwards/", {"address": f"{'long' * 14}@elsewhere.test"}), 201)
    alice.ok(alice.patch("/vacation/", {"is_enabled": True, "text": "Away"}))
    one = desk(cast.alice, path=PAGE, size=size)
    expect(one.page.get_by_role("list", name="Forwards")).to_be_visible()
    one.shot(f"answers-{size}")
    assert overflow(one.page) == 0 and axe_faults(one.page) == []
