"""The bell and the page of what one is told of, as a person uses them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import until
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def part(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=name, exact=True)


def bell(page: Page) -> Any:
    return page.get_by_role("button", name=re.compile("^Notifications"))


def test_new_mail_rings_is_opened_and_falls_silent(cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice)
    page = one.page
    make.email(cast.alice, subject="Tea at four")
    expect(bell(page)).to_have_accessible_name("Notifications, 1 unread")
    bell(page).click()
    shown = page.get_by_role("dialog", name="Notifications")
    expect(shown.get_by_role("listitem")).to_contain_text("Zoe Outside")
    assert axe_faults(page) == []
    shown.get_by_role("listitem").get_by_role("button").click()
    expect(shown).to_be_hidden()
    expect(page.get_by_role("heading", name="Tea at four")).to_be_visible()
    expect(bell(page)).to_have_accessible_name("Notifications")


def test_reading_the_mail_silences_the_bell_and_all_can_be_marked(
    alice: Client, cast: Cast, desk: Sit
) -> None:
    one = desk(cast.alice)
    page = one.page
    make.email(cast.alice, subject="First")
    expect(bell(page)).to_have_accessible_name("Notifications, 1 unread")
    one.row("First").click()
    expect(bell(page)).to_have_accessible_name("Notifications")
    alice.ok(alice.post("/notifications/", {"title": "The lift is out of order", "to": "everybody"}), 201)
    make.email(cast.alice, subject="Second")
    expect(bell(page)).to_have_accessible_name("Notifications, 2 unread")
    bell(page).click()
    shown = page.get_by_role("dialog", name="Notifications")
    expect(shown.get_by_text("The lift is out of order")).to_be_visible()
    shown.get_by_role("button", name="Mark all as read").click()
    expect(bell(page)).to_have_accessible_name("Notifications")
    until(lambda: alice.get("/notifications/").json["unread"] == 0)
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(bell(page)).to_be_focused()


def test_rules_hours_and_reasons(alice: Client, cast: Cast, desk: Sit) -> None:
    make.email(cast.alice, headers="List-Id: <news.outside.test>\r\n", sender="News <news@outside.test>")
    until(lambda: alice.get("/notifications/decisions/").json["items"])
    one = desk(cast.alice, path="/settings/notifications")
    page = one.page
    rules = part(page, "Senders, words and mailboxes")
    rules.get_by_label("Address or @domain").fill("Boss@Outside.test")
    rules.get_by_role("button", name="Add").click()
    expect(rules.get_by_role("listitem")).to_contain_text("boss@outside.test")
    expect(rules.get_by_role("listitem")).to_contain_text("VIP")
    hours = part(page, "When")
    hours.get_by_role("button", name="Add quiet hours").click()
    hours.get_by_role("button", name="Sun").click()
    hours.get_by_label("Quiet from").fill("20:30")
    wanted = [{"days": [0, 1, 2, 3, 4, 5], "from": "20:30", "to": "07:00"}]
    until(lambda: alice.get("/notifications/settings/").json["quiet_hours"] == wanted)
    hours.get_by_role("button", name="For an hour").click()
    expect(hours.get_by_role("button", name="Disturb me again")).to_be_visible()
    why = part(page, "Why you were told, or not")
    reason = why.get_by_role("listitem").filter(has_text="News")
    expect(reason).to_contain_text("A program or a mailing list sent it.")
    expect(reason).to_contain_text("Not told")
    assert axe_faults(page) == []
    rules.get_by_role("button", name="Remove the rule for boss@outside.test").click()
    until(lambda: alice.get("/notifications/rules/").json["items"] == [])


@pytest.mark.parametrize("size", ["wide", "medium", "phone"])
def test_it_fits(alice: Client, cast: Cast, desk: Sit, size: str) -> None:
    made = {"source": "person", "value": f"{'long' * 30}@outside.test", "level": "urgent"}
    alice.ok(alice.post("/notifications/rules/", made), 201)
    make.email(cast.alice, subject="A subject that goes on and on " * 5)
    until(lambda: alice.get("/notifications/").json["items"])
    one = desk(cast.alice, path="/settings/notifications", size=size)
    page = one.page
    why = part(page, "Why you were told, or not").get_by_role("listitem")
    expect(why.filter(has_text="Zoe Outside")).to_have_count(1)
    assert overflow(page) <= 0
    if size == "phone":
        one.go("/mail/inbox")
        page.get_by_role("button", name="Mailboxes").click()
    bell(page).click()
    expect(page.get_by_role("dialog", name="Notifications").get_by_role("listitem")).to_have_count(1)
    assert overflow(page) <= 0
