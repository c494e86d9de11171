"""A letter comes in while the browser is open: it is there, counted and announced, without a reload."""

from __future__ import annotations

import re
import smtplib
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import make
from tests.e2e.browser import prefer
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e
SOON_MS = 5_000


def deliver(house: RunningHouse, to: str, **fields: str) -> None:
    with smtplib.SMTP("127.0.0.1", house.ports["mx"], timeout=10) as client:
        client.sendmail("zoe@outside.test", [to], make.message(to=to, **fields))


def test_a_letter_to_the_mx_appears_in_the_open_inbox(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    expect(alice.page.get_by_text("Your inbox is empty")).to_be_visible()
    alice.shot("inbox-empty")
    started = time.monotonic()
    deliver(house, cast.alice.email, subject="Tea at four", text="Bring the good cups.\r\n")
    expect(alice.row("Tea at four")).to_be_visible(timeout=SOON_MS)
    print(f"MX to browser: {(time.monotonic() - started) * 1000:.0f} ms")
    expect(alice.row("Tea at four")).to_contain_text("Zoe Outside")
    expect(alice.row("Tea at four")).to_contain_text("Bring the good cups.")
    expect(alice.mailbox("Inbox")).to_have_accessible_name(re.compile("1 unread"))
    expect(alice.page).to_have_title("(1) Inbox · Posthouse")

    deliver(house, cast.alice.email, subject="Cake at five")
    expect(alice.rows).to_have_count(2, timeout=SOON_MS)
    expect(alice.rows.first).to_contain_text("Cake at five")
    expect(alice.page).to_have_title("(2) Inbox · Posthouse")
    expect(alice.page.get_by_text("New e-mail from Zoe Outside: Cake at five")).to_be_attached()


def test_a_letter_of_a_colleague_appears_at_once(cast: Cast, desk: Sit) -> None:
    prefer(cast.bob, undo_send_seconds=1)
    alice, bob = desk(cast.alice), desk(cast.bob)
    bob.write(to=cast.alice.email, subject="From the next desk", text="Are you there?")
    bob.shot("composer-new")
    bob.composer.get_by_role("button", name="Send", exact=True).click()
    expect(bob.composer).to_be_hidden()
    expect(bob.toast("Sending…")).to_be_visible()
    expect(alice.row("From the next desk")).to_be_visible(timeout=SOON_MS)
    expect(alice.row("From the next desk")).to_contain_text("Bob")
    expect(alice.page).to_have_title("(1) Inbox · Posthouse")
    bob.mailbox("Sent").click()
    expect(bob.row("From the next desk")).to_be_visible()


def test_a_letter_to_the_open_thread_stands_open(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    deliver(
        house, cast.alice.email, subject="The boiler", text="It leaks.\r\n", message_id="leak@outside.test"
    )
    alice = desk(cast.alice)
    alice.open("The boiler")
    expect(alice.thread.get_by_text("It leaks.")).to_be_visible()
    deliver(
        house,
        cast.alice.email,
        subject="Re: The boiler",
        text="It is mended.\r\n",
        headers="In-Reply-To: <leak@outside.test>\r\nReferences: <leak@outside.test>\r\n",
    )
    expect(alice.thread.get_by_text("It is mended.")).to_be_visible(timeout=SOON_MS)
    expect(alice.rows).to_have_count(1)
    expect(alice.row("The boiler")).to_contain_text("It is mended.")
