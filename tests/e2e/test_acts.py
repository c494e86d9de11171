"""What people do with letters: by keys, by many at once, from another client; shown at once and taken back."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import make
from tests.api.client import log_in
from tests.cast import person, user_id
from tests.delivery.outside import until
from tests.e2e.browser import Desk
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast, Person
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


@contextmanager
def mail_client(house: RunningHouse, person: Person) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4("127.0.0.1", house.ports["imap"], timeout=10)
    client.login(person.email, person.password)
    client.select("INBOX")
    try:
        yield client
    finally:
        client.logout()


def flags_of(client: imaplib.IMAP4, number: str) -> str:
    client.noop()
    return repr(client.fetch(number, "(FLAGS)")[1])


def letters(person: Person, *subjects: str) -> None:
    """The last is the newest and stands first."""
    for subject in subjects:
        make.email(person, subject=subject, text=f"About {subject.lower()}.\r\n")


def order(desk: Desk) -> list[str]:
    """The subjects of the list from above, as far as they are words of one letter."""
    texts = desk.rows.all_inner_texts()
    return [found[0] for text in texts if (found := re.findall(r"\b(?:Ash|Beech|Cedar|Elm)\b", text))]


def test_flags_go_both_ways_between_imap_and_browser(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    letters(cast.alice, "Ash")
    alice = desk(cast.alice)
    row = alice.row("Ash")
    expect(row.get_by_text("Unread")).to_have_count(1)
    with mail_client(house, cast.alice) as client:
        client.store("1", "+FLAGS", r"(\Seen \Flagged)")
        expect(row.get_by_text("Unread")).to_have_count(0)
        expect(row.get_by_label("Starred")).to_be_visible()
        expect(alice.page).to_have_title("Inbox · Posthouse")

        row.hover()
        row.get_by_role("button", name="Remove star").click()
        expect(row.get_by_label("Starred")).to_be_hidden()
        alice.press("j", "Shift+u")
        expect(row.get_by_text("Unread")).to_have_count(1)
        for _ in range(50):
            if "Seen" not in (flags := flags_of(client, "1")) and "Flagged" not in flags:
                break
            alice.page.wait_for_timeout(100)
        assert "Seen" not in flags
        assert "Flagged" not in flags

        client.store("1", "+FLAGS", r"(\Deleted)")
        client.expunge()
        expect(alice.page.get_by_text("Your inbox is empty")).to_be_visible()


def test_keys_walk_and_act_and_undo(cast: Cast, desk: Sit) -> None:
    letters(cast.alice, "Ash", "Beech", "Cedar")
    alice = desk(cast.alice)
    expect(alice.rows).to_have_count(3)
    title = alice.thread.get_by_role("heading", level=2)
    alice.press("j", "j", "Enter")
    expect(title).to_have_text("Beech")
    alice.press("j")
    expect(title).to_have_text("Ash")
    alice.press("k", "k")
    expect(title).to_have_text("Cedar")
    alice.press("u")
    expect(alice.page.get_by_text("Choose a thread to read it here.")).to_be_visible()
    alice.press("o")
    expect(title).to_have_text("Cedar")

    alice.press("s")
    expect(alice.row("Cedar").get_by_label("Starred")).to_be_visible()
    alice.press("e")
    expect(alice.row("Cedar")).to_have_count(0)
    expect(alice.toast("Archived")).to_be_visible()
    expect(title).to_have_text("Beech")
    alice.press("z")
    expect(alice.row("Cedar")).to_be_visible()
    assert order(alice) == ["Cedar", "Beech", "Ash"]

    alice.press("#")
    expect(alice.row("Beech")).to_have_count(0)
    alice.mailbox("Trash").click()
    expect(alice.row("Beech")).to_be_visible()
    alice.press("z")
    expect(alice.page.get_by_text("Trash is empty")).to_be_visible()
    alice.press("g", "i")
    expect(alice.rows).to_have_count(3)
    alice.press("g", "s")
    expect(alice.row("Cedar")).to_be_visible()
    expect(alice.rows).to_have_count(1)


def test_move_and_label_by_their_sheets(cast: Cast, desk: Sit) -> None:
    letters(cast.alice, "Ash", "Beech")
    alice = desk(cast.alice)
    alice.open("Beech")
    alice.press("l")
    labels = alice.page.get_by_role("dialog", name="Label")
    labels.get_by_role("combobox").fill("Trees")
    labels.get_by_role("option", name="New label …").click()
    expect(alice.mailbox("Trees")).to_be_visible()
    expect(alice.row("Beech").get_by_text("Trees")).to_be_visible()
    alice.shot("label")
    alice.press("v")
    moves = alice.page.get_by_role("dialog", name="Move to")
    moves.get_by_role("combobox").fill("arch")
    alice.press("Enter")
    expect(alice.row("Beech")).to_have_count(0)
    expect(alice.toast("Moved to Archive")).to_be_visible()
    alice.mailbox("Archive").click()
    expect(alice.row("Beech")).to_be_visible()
    alice.mailbox("Trees").click()
    expect(alice.row("Beech")).to_be_visible()


def test_a_thread_is_moved_to_another_account(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    """Of those one was granted only where one may write; it asks first, since there is no way back by a key."""
    bob, mia, alice_id = log_in(house, cast.bob), person("Mia", cast.domain), user_id(cast.alice)
    reader = log_in(house, mia)
    for owner, client, right in ((cast.bob, bob, "write"), (mia, reader, "read")):
        body = {"user_id": alice_id, "right": right}
        client.ok(client.post(f"/accounts/{owner.account_id}/grants/", body), 201)
    bob.ok(bob.post("/mailboxes/", {"name": "Trees"}), 201)
    letters(cast.alice, "Ash", "Beech")
    alice = desk(cast.alice)
    moves = alice.page.get_by_role("dialog", name="Move to")

    def choose_trees() -> None:
        alice.press("v")
        moves.get_by_role("combobox").fill("trees")
        expect(moves.get_by_role("option")).to_have_count(1)
        expect(moves.get_by_role("option")).to_contain_text(cast.bob.email)
        alice.press("Enter")

    alice.open("Beech")
    alice.page.once("dialog", lambda dialog: dialog.dismiss())
    choose_trees()
    expect(alice.row("Beech")).to_be_visible()
    alice.page.once("dialog", lambda dialog: dialog.accept())
    choose_trees()
    expect(alice.row("Beech")).to_have_count(0)
    expect(alice.toast(f"Moved to Trees of {cast.bob.email}")).to_be_visible()
    expect(alice.row("Ash")).to_be_visible()
    trees = next(box for box in bob.get("/mailboxes/").json["items"] if box["name"] == "Trees")
    until(lambda: bob.get(f"/emails/?mailbox={trees['id']}").json["items"])
    (moved,) = bob.get(f"/emails/?mailbox={trees['id']}").json["items"]
    assert moved["subject"] == "Beech"
    alice.page.reload()
    expect(alice.row("Ash")).to_be_visible()
    expect(alice.row("Beech")).to_have_count(0)


def test_a_label_is_renamed_and_deleted_by_its_menu(cast: Cast, desk: Sit) -> None:
    letters(cast.alice, "Ash")
    alice = desk(cast.alice)
    alice.page.get_by_role("button", name="New label").click()
    expect(alice.page.get_by_label("Name", exact=True)).to_be_focused()
    alice.page.keyboard.type("Tres")
    alice.press("Enter")
    alice.mailbox("Tres").hover()
    alice.page.get_by_role("button", name="More about Tres").click()
    alice.page.get_by_role("menuitem", name="Rename").click()
    expect(alice.page.get_by_label("Name", exact=True)).to_be_focused()
    alice.page.keyboard.type("Trees")
    alice.press("Enter")
    expect(alice.mailbox("Trees")).to_be_visible()
    alice.mailbox("Trees").hover()
    alice.page.get_by_role("button", name="More about Trees").click()
    alice.page.get_by_role("menuitem", name="Delete label").click()
    alice.page.get_by_role("button", name="Delete label").click()
    expect(alice.mailbox("Trees")).to_have_count(0)
    expect(alice.rows).to_have_count(1)


def test_many_at_once(cast: Cast, desk: Sit) -> None:
    letters(cast.alice, "Ash", "Beech", "Cedar", "Elm")
    alice = desk(cast.alice)
    expect(alice.rows).to_have_count(4)
    alice.press("j", "x")
    expect(alice.page.get_by_text("1 selected")).to_be_visible()
    alice.row("Beech").click(modifiers=["Shift"])
    expect(alice.page.get_by_text("3 selected")).to_be_visible()
    alice.shot("selection")
    alice.page.get_by_role("toolbar", name="Selected threads").get_by_role(
        "button", name="Mark as read"
    ).click()
    expect(alice.page).to_have_title("(1) Inbox · Posthouse")
    alice.press("e")
    expect(alice.rows).to_have_count(1)
    expect(alice.toast("3 threads archived")).to_be_visible()
    alice.undo()
    expect(alice.rows).to_have_count(4)
    assert order(alice) == ["Elm", "Cedar", "Beech", "Ash"]


def test_search_palette_and_the_sheet_of_keys(cast: Cast, desk: Sit) -> None:
    letters(cast.alice, "Ash", "Beech", "Cedar")
    alice = desk(cast.alice)
    expect(alice.rows).to_have_count(3)
    alice.press("/")
    expect(alice.page.get_by_role("combobox", name="Search mail")).to_be_focused()
    alice.page.keyboard.type("beech")
    expect(alice.rows).to_have_count(1)
    expect(alice.row("Beech")).to_be_visible()
    alice.press("Enter", "j", "o")
    expect(alice.thread.get_by_role("heading", name="Beech")).to_be_visible()
    alice.shot("search")
    alice.press("g", "i", "?")
    sheet = alice.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Archive", exact=True)).to_be_visible()
    alice.shot("keys")
    alice.press("Escape")
    expect(sheet).to_be_hidden()
    alice.press("Control+k")
    palette = alice.page.get_by_role("dialog", name="Commands")
    expect(palette.get_by_role("combobox")).to_be_focused()
    alice.page.keyboard.type("to drafts")
    expect(palette.get_by_role("option").first).to_contain_text("Go to Drafts")
    alice.shot("palette")
    alice.press("Enter")
    expect(alice.page.get_by_text("Drafts is empty")).to_be_visible()


def test_a_letter_that_comes_in_does_not_move_the_list(cast: Cast, desk: Sit) -> None:
    letters(cast.alice, *(f"Letter {number}" for number in range(60)))
    alice = desk(cast.alice)
    grid = alice.page.get_by_role("grid")
    expect(alice.rows.first).to_contain_text("Letter 59")
    grid.evaluate("grid => grid.scrollTo(0, 480)")
    row = alice.row("Letter 45")
    expect(row).to_be_in_viewport()
    before = row.bounding_box()
    make.email(cast.alice, subject="The newest")
    pill = alice.page.get_by_role("button", name="1 new")
    expect(pill).to_be_visible()
    alice.shot("new-pill")
    assert row.bounding_box() == before
    pill.click()
    expect(alice.row("The newest")).to_be_in_viewport()
    expect(pill).to_be_hidden()
