"""Searching as a person does: typing, reading what was understood, seeing the words where they stand."""

from __future__ import annotations

from playwright.sync_api import expect

from tests import make
from tests.cast import Cast
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_look import settle

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
