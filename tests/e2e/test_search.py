"""Searching as a person does: typing, reading what was understood, seeing the words where they stand."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests import make
from tests.api.client import log_in
from tests.cast import Cast
from tests.conversations import rooms
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_look import settle
from tests.house import RunningHouse

LONG = "The council met on Monday and spoke of many things. " * 12


def fill(cast: Cast) -> None:
    make.email(cast.alice, subject="Minutes of the council", text=LONG + "Then came the kraken, at last.\r\n")
    make.email(
        cast.alice, subject="Kraken sighted", sender="Ann Lee <ann@sea.test>", text="Off the coast\r\n"
    )
    make.email(cast.alice, subject="会議の議事録", text="東京都庁で開催\r\n")
    make.email(cast.alice, subject="Lunch", text="At noon?\r\n")


def marks(row: object) -> list[str]:
    return row.locator("mark").all_inner_texts()  # type: ignore[attr-defined]


def test_words_are_found_in_bodies_and_marked(cast: Cast, desk: Sit) -> None:
    fill(cast)
    alice = desk(cast.alice)
    expect(alice.rows).to_have_count(4)
    alice.press("/")
    box = alice.page.get_by_role("combobox", name="Search mail")
    box.fill("krak")
    expect(alice.rows).to_have_count(2)
    assert marks(alice.row("Kraken sighted")) == ["Kraken"]
    assert marks(alice.row("Minutes")) == ["kraken"]
    expect(alice.row("Minutes")).to_contain_text("Then came the kraken")
    expect(alice.row("Minutes").locator("mark")).to_be_in_viewport()
    alice.shot("search-marked")
    assert axe_faults(alice.page) == []
    box.fill("kraken -from:ann before:someday {subject:minutes subject:lunch}")
    expect(alice.page.get_by_text("taken as words")).to_be_visible()
    expect(alice.page.get_by_role("button", name="Search without -from:ann")).to_be_visible()
    alice.shot("search-understood")
    assert axe_faults(alice.page) == []
    alice.page.get_by_role("button", name="Search without before:someday").click()
    expect(alice.rows).to_have_count(1)
    box.fill("議事")
    expect(alice.rows).to_have_count(1)
    box.fill("older_")
    expect(alice.page.get_by_role("option", name="older_than:")).to_be_visible()
    settle(alice.page)
    alice.shot("search-completed")


def test_search_on_a_phone(cast: Cast, desk: Sit) -> None:
    fill(cast)
    alice = desk(cast.alice, size="phone", has_touch=True)
    alice.page.get_by_role("navigation", name="Places").get_by_role("button", name="Search").tap()
    alice.page.get_by_role("combobox", name="Search mail").fill("kraken before:someday")
    expect(alice.page.get_by_text("taken as words")).to_be_visible()
    assert overflow(alice.page) == 0
    alice.shot("phone-search-understood")
    alice.page.get_by_role("combobox", name="Search mail").fill("kraken")
    expect(alice.rows).to_have_count(2)
    assert marks(alice.row("Minutes")) == ["kraken"]
    alice.shot("phone-search-marked")


def talk(house: RunningHouse, cast: Cast) -> str:
    """A channel in which bob spoke of the kraken, long ago."""
    alice, bob = log_in(house, cast.alice), log_in(house, cast.bob)
    room = rooms.channel(bob, name="Harbour master", topic="Ships")
    alice.ok(alice.post(f"/conversations/{room}/join/"))
    rooms.say(bob, room, "We saw the kraken in the harbour")
    for number in range(80):
        rooms.say(bob, room, f"Ship {number} came in")
    return room


def test_mail_and_conversations_are_found_in_one_list(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    fill(cast)
    room = talk(house, cast)
    make.email(cast.alice, subject="The kraken again", text="Look out\r\n")
    alice = desk(cast.alice)
    alice.press("/")
    box = alice.page.get_by_role("combobox", name="Search mail and conversations")
    box.fill("kraken")
    expect(alice.rows).to_have_count(4)
    assert "The kraken again" in alice.rows.nth(0).inner_text()
    message = alice.rows.nth(1)
    expect(message).to_contain_text("#Harbour master")
    expect(message).to_contain_text("Bob")
    assert marks(message) == ["kraken"]
    settle(alice.page)
    alice.shot("search-both")
    assert axe_faults(alice.page) == []
    kinds = alice.page.get_by_role("group", name="Look in")
    kinds.get_by_role("button", name="Messages").click()
    expect(alice.rows).to_have_count(1)
    kinds.get_by_role("button", name="Mail").click()
    expect(alice.rows).to_have_count(3)
    kinds.get_by_role("button", name="All").click()
    expect(alice.rows).to_have_count(4)
    box.fill("in:#har")
    alice.page.get_by_role("option", name="in:#Harbour master").click()
    box.press_sequentially("kraken ")
    expect(alice.rows).to_have_count(1)
    expect(alice.page.get_by_text("messages only")).to_be_visible()
    box.press("Enter")
    alice.press("j")
    alice.press("Enter")
    expect(alice.page).to_have_url(re.compile(rf"/conversations/{room}\?at=\d+"))
    expect(alice.page.get_by_role("log").first.get_by_text("We saw the kraken")).to_be_in_viewport()
    alice.page.go_back()
    expect(alice.rows).to_have_count(1)


def test_both_are_found_on_a_phone_and_in_the_dark(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    fill(cast)
    talk(house, cast)
    alice = desk(cast.alice, size="phone", has_touch=True, color_scheme="dark")
    alice.page.get_by_role("navigation", name="Places").get_by_role("button", name="Search").tap()
    alice.page.get_by_role("combobox", name="Search mail").fill("kraken")
    expect(alice.rows).to_have_count(3)
    assert overflow(alice.page) == 0
    settle(alice.page)
    alice.shot("phone-search-both-dark")
    assert axe_faults(alice.page) == []
    alice.rows.nth(0).tap()
    expect(alice.page.get_by_role("log").first.get_by_text("We saw the kraken")).to_be_in_viewport()
