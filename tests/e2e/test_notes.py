"""Colleagues on one mail: notes among the mails, whose it is, who answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests import make
from tests.api.client import Client, log_in
from tests.bridge import desk as work
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
