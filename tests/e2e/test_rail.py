"""The rail: what lies in what, opened and collapsed, with what waits in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests import make
from tests.e2e.browser import Desk, axe_faults, overflow
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast, Person

pytestmark = pytest.mark.e2e


def label(person: Person, name: str, parent_id: int | None = None) -> int:
    from posthouse.mail.mailboxes import create_mailbox

    return int(create_mailbox(person.actor, name=name, parent_id=parent_id).id)


def file_in(person: Person, mailbox_id: int, subject: str) -> None:
    from posthouse.mail.actions import move_emails

    letter = make.email(person, subject=subject)
    move_emails(person.actor, [letter], to=mailbox_id)


def opener(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("button", name=f"What lies in {name}", exact=True)


def test_labels_lie_in_each_other_and_a_collapsed_one_tells_of_unread(cast: Cast, desk: Sit) -> None:
    work = label(cast.alice, "Work")
    bills = label(cast.alice, "Bills", work)
    label(cast.alice, "2026", make.mailbox(cast.alice, "archive"))
    file_in(cast.alice, bills, "A bill to pay")
    alice = desk(cast.alice)
    inner = alice.page.get_by_role("list", name="Work").get_by_role("link")
    expect(inner).to_have_accessible_name(re.compile(r"Bills ?, 1 unread$"))
    expect(alice.page.get_by_role("list", name="Archive").get_by_role("link", name="2026")).to_be_visible()
    assert left(alice.mailbox("Bills").locator("svg")) > left(alice.mailbox("Work").locator("svg"))
    assert left(alice.mailbox("Work").locator("svg")) == left(alice.mailbox("Inbox").locator("svg"))

    opener(alice, "Work").click()
    expect(alice.mailbox("Bills")).to_have_count(0)
    expect(alice.mailbox("Work")).to_have_accessible_name(re.compile(r"Work ?, 1 unread inside$"))
    assert axe_faults(alice.page) == []
    alice.page.reload()
    alice.is_synced()
    expect(alice.mailbox("Work")).to_have_accessible_name(re.compile(r"Work ?, 1 unread inside$"))
    expect(alice.mailbox("Bills")).to_have_count(0)


def test_keys_open_and_collapse(cast: Cast, desk: Sit) -> None:
    work = label(cast.alice, "Work")
    label(cast.alice, "Bills", work)
    alice = desk(cast.alice)
    opener(alice, "Work").focus()
    alice.press("Enter")
    expect(opener(alice, "Work")).to_have_attribute("aria-expanded", "false")
    alice.press("Tab")
    expect(alice.mailbox("Work")).to_be_focused()
    alice.press("ArrowRight")
    expect(alice.mailbox("Bills")).to_be_visible()
    alice.press("ArrowLeft")
    expect(alice.mailbox("Bills")).to_have_count(0)
    alice.press("ArrowRight")
    alice.mailbox("Bills").focus()
    alice.press("Enter")
    expect(alice.page.get_by_role("heading", name="Bills", level=2)).to_be_visible()


def test_choosers_name_the_way_to_a_label(cast: Cast, desk: Sit) -> None:
    for parent in ("Work", "Home"):
        label(cast.alice, "Bills", label(cast.alice, parent))
    make.email(cast.alice, subject="A bill to pay")
    alice = desk(cast.alice)
    alice.open("A bill to pay")
    alice.press("l")
    alice.page.get_by_role("combobox", name="Label as …").fill("home bills")
    expect(alice.page.get_by_role("option").first).to_have_text("BillsHome")


def test_renaming_keeps_a_label_where_it_lies(cast: Cast, desk: Sit) -> None:
    work = label(cast.alice, "Work")
    label(cast.alice, "Bills", work)
    label(cast.alice, "2026", make.mailbox(cast.alice, "archive"))
    alice = desk(cast.alice)
    rename(alice, "2026")
    form = alice.page.get_by_role("dialog", name="Rename label")
    expect(form.get_by_label("Inside").locator("option:checked")).to_have_text("Archive")
    form.get_by_label("Name").fill("2027")
    form.get_by_role("button", name="Rename").click()
    expect(alice.page.get_by_role("list", name="Archive").get_by_role("link", name="2027")).to_be_visible()
    rename(alice, "Work")
    choices = form.get_by_label("Inside").locator("option").all_inner_texts()
    assert [choice.strip() for choice in choices] == ["No other label", "2027"]


def rename(desk: Desk, name: str) -> None:
    desk.mailbox(name).hover()
    desk.page.get_by_role("button", name=f"More about {name}").click()
    desk.page.get_by_role("menuitem", name="Rename").click()


def test_an_address_of_no_mailbox_leads_to_the_inbox(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    alice.go("/mail/12345")
    alice.page.get_by_role("button", name="To the inbox").click()
    expect(alice.page.get_by_text("Your inbox is empty")).to_be_visible()


def test_many_long_labels_fit(cast: Cast, desk: Sit) -> None:
    parent: int | None = None
    for depth in range(7):
        parent = label(cast.alice, f"Depth {depth} with a name that nobody reads to its end", parent)
    for number in range(30):
        label(cast.alice, f"{number:02} " + "מסמכים חשובים מאוד של החברה " * (number % 3))
    alice = desk(cast.alice)
    nav = alice.page.get_by_role("navigation", name="Mailboxes", exact=True)
    assert nav.evaluate("nav => nav.scrollWidth - nav.clientWidth") == 0
    assert overflow(alice.page) == 0
    alice.mailbox("Depth 6").hover()
    alice.mailbox("Depth 1").hover()
    expect(alice.page.get_by_text("Depth 1 with a name that nobody reads to its end")).to_have_count(2)
    alice.shot("rail-many")


def left(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["x"]
