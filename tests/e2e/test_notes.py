"""Colleagues on one mail: notes among the mails, whose it is, who answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests import make
from tests.api.client import Client, log_in
from tests.bridge import desk as work
from tests.cast import user_id
from tests.e2e.browser import Desk, axe_faults
from tests.e2e.conftest import Sit
from tests.e2e.test_look import settle

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


def _shared(house: RunningHouse, cast: Cast) -> tuple[Client, str]:
    alice = log_in(house, cast.alice)
    work.share(alice, cast.bob, "write")
    return alice, work.thread(alice, subject="Rooms in May", message_id=f"rooms@{cast.domain}")


def note(desk: Desk, text: str) -> Locator:
    return desk.page.get_by_role("region", name="Notes").get_by_role("article").filter(has_text=text)


def answer(desk: Desk, text: str) -> Locator:
    return desk.page.get_by_role("region", name="Answers").get_by_role("article").filter(has_text=text)


def test_two_colleagues_on_one_mail(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    alice_client, thread = _shared(house, cast)
    alice = desk(cast.alice, path=f"/mail/inbox/{thread}")
    bob = desk(cast.bob, path=f"/team/open/{thread}?account={cast.alice.account_id}")
    expect(alice.page.get_by_text("Bob is reading this")).to_be_visible()

    # A note is written in another colour than mail, to people who are named, and is at once with the other.
    bob.page.get_by_role("button", name="Note", exact=True).click()
    expect(bob.page.get_by_text("Only people with this mailbox: you, Alice")).to_be_visible()
    field = bob.page.get_by_role("textbox", name="A note for your colleagues")
    field.fill("I know **them**")
    field.press("Enter")
    expect(note(alice, "I know them")).to_be_visible()
    expect(note(bob, "I know them")).to_have_count(1)

    # Taken by one, seen by the other; a claim on what is not free any more says so.
    bob.page.get_by_label("Assigned to").select_option(label="Bob (you)")
    expect(alice.page.get_by_label("Assigned to")).to_have_value(str(cast.bob.actor.user_id))
    expect(alice.page.get_by_text("Bob took this")).to_be_visible()

    # Who answers is shown before another begins, and who is quicker stops the slower.
    alice.page.get_by_role("button", name="Reply", exact=True).last.click()
    expect(alice.page.get_by_text("Goes out as mail to Zoe Outside")).to_be_visible()
    expect(bob.page.get_by_text("Alice is answering")).to_be_visible()
    alice.page.get_by_role("textbox", name="Message").fill("Yes, there are.")
    make.email(
        cast.alice,
        subject="Re: Rooms in May",
        sender="Bob <bob@elsewhere.test>",
        headers=f"References: <rooms@{cast.domain}>\r\n",
    )
    expect(alice.page.get_by_role("article", name="From Bob")).to_be_visible()
    alice.page.get_by_role("button", name="Send", exact=True).click()
    expect(alice.page.get_by_text("Since you began, this thread has new mail from Bob.")).to_be_visible()
    alice.page.get_by_role("button", name="Go back").click()
    assert work.texts(alice_client, thread) == ["I know **them**"]


def row(desk: Desk, subject: str) -> Locator:
    return desk.page.get_by_role("region", name="Team").get_by_role("listitem").filter(has_text=subject)


def test_lists_of_the_team_follow_what_colleagues_do(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    alice_client, thread = _shared(house, cast)
    bob_client = log_in(house, cast.bob)
    alice = desk(cast.alice, path="/team/unassigned")
    bob = desk(cast.bob, path="/team/mine")
    expect(row(alice, "Rooms in May")).to_be_visible()
    expect(bob.page.get_by_text("Nothing here")).to_be_visible()

    # Given: it leaves one's list and comes to the other's, on both screens by itself.
    work.assign(alice_client, thread, assignee_id=user_id(cast.bob))
    expect(row(bob, "Rooms in May")).to_be_visible()
    expect(bob.page.get_by_role("link", name="Team, 1 for you")).to_be_visible()
    expect(row(alice, "Rooms in May")).to_have_count(0)
    work.assign(bob_client, thread, status="done")
    expect(row(bob, "Rooms in May")).to_have_count(0)

    # Mail that comes to what is done opens it again, for whom the mailbox says.
    alice.page.get_by_role("button", name="How this mailbox is worked on").click()
    field = alice.page.get_by_label("When somebody writes to a thread that is done")
    field.select_option(label="It is open again, and nobody's")
    assert axe_faults(alice.page) == []
    alice.page.get_by_role("button", name="Save").click()
    expect(field).to_have_count(0)
    make.email(
        cast.alice,
        subject="Re: Rooms in May",
        sender="Zoe <zoe@outside.test>",
        headers=f"References: <rooms@{cast.domain}>\r\n",
    )
    expect(row(alice, "Rooms in May")).to_be_visible()
    expect(row(bob, "Rooms in May")).to_have_count(0)

    # New mail of a mailbox that one shares is there at once, too.
    bob.page.goto(f"{house.http}/team/open?account={cast.alice.account_id}")
    expect(row(bob, "Rooms in May")).to_be_visible()
    make.email(cast.alice, subject="A second matter")
    expect(row(bob, "A second matter")).to_be_visible()


def test_a_note_is_answered_where_it_stands(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    alice_client, thread = _shared(house, cast)
    first = work.note(alice_client, thread, "Who knows them?")
    work.note(alice_client, thread, "And when is it due?")
    alice = desk(cast.alice, path=f"/mail/inbox/{thread}")
    bob = desk(cast.bob, path=f"/team/open/{thread}?account={cast.alice.account_id}")

    # The first answer begins the thread below its note, on both sides at once; nothing stands among the notes.
    note(bob, "Who knows them?").get_by_role("button", name="Answer the note").click()
    field = bob.page.get_by_role("textbox", name="Answer to Alice")
    expect(field).to_be_focused()
    expect(bob.page.get_by_text("Only people with this mailbox see your answer")).to_be_visible()
    field.fill("I do")
    field.press("Enter")
    expect(answer(alice, "I do")).to_be_visible()
    expect(answer(bob, "I do")).to_have_count(1)
    assert work.texts(alice_client, thread) == ["Who knows them?", "And when is it due?"]

    # By keyboard: to the note that has the focus, else the last; escape goes back to the note.
    alice.press("Shift+N")
    last = alice.page.get_by_role("textbox", name="Answer to Alice")
    expect(last).to_be_focused()
    last.press("Escape")
    expect(last).to_have_count(0)
    expect(note(alice, "And when is it due?")).to_be_focused()
    answer(alice, "I do").focus()
    alice.press("Shift+N")
    expect(last).to_be_focused()
    last.fill("Then it is yours")
    last.press("Enter")
    expect(answer(bob, "Then it is yours")).to_be_visible()
    below = alice_client.ok(
        alice_client.get(
            f"/conversations/{first['conversation_id']}/messages/",
            thread=work.notes(alice_client, thread)["conversations"][0]["threads"][0]["id"],
        )
    )
    assert [one["text"] for one in below["items"]][-2:] == ["I do", "Then it is yours"]

    # What one wrote is edited in its place, and stays an answer.
    answer(bob, "I do").get_by_role("button", name="More on this note").click()
    bob.page.get_by_role("menuitem", name="Edit").click()
    expect(field).to_have_value("I do")
    field.fill("I do, since May")
    field.press("Enter")
    expect(answer(alice, "I do, since May")).to_be_visible()
    assert axe_faults(alice.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_notes_by_keyboard_on_a_phone_and_for_everybody(
    house: RunningHouse, cast: Cast, desk: Sit, scheme: str
) -> None:
    alice_client, thread = _shared(house, cast)
    work.note(log_in(house, cast.bob), thread, "Is this for us?")
    work.assign(alice_client, thread, status="pending")
    alice = desk(cast.alice, path=f"/mail/inbox/{thread}", color_scheme=scheme)
    expect(note(alice, "Is this for us?")).to_be_visible()
    alice.press("n")
    field = alice.page.get_by_role("textbox", name="A note for your colleagues")
    expect(field).to_be_focused()
    for width, height in ((1440, 900), (900, 800), (390, 844)):
        alice.page.set_viewport_size({"width": width, "height": height})
        settle(alice.page)
        assert axe_faults(alice.page) == [], width
    alice.page.goto(f"{house.http}/team/open")
    expect(alice.page.get_by_role("link", name="Rooms in May")).to_be_visible()
    settle(alice.page)
    assert axe_faults(alice.page) == []
