"""Junk in the browser: why it is there, the way back, and what one chooses."""

from __future__ import annotations

import smtplib

import pytest
from playwright.sync_api import expect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.test_junk import PLANS, SPAMMER
from tests.delivery.test_rules import deliver, subjects, until
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_rules import LOOKS, look
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e
BULK = "bulk@offers.example"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def test_it_says_why_and_goes_back(house: RunningHouse, cast: Cast, alice: Client, desk: Sit) -> None:
    alice.ok(alice.post("/junk/senders/", {"value": "offers.example", "list": "block"}), 201)
    deliver(house, cast.alice, subject="Save money", sender=SPAMMER)
    one = desk(cast.alice)
    page = one.page
    one.mailbox("Junk").click()
    one.row("Save money").click()
    mail = one.thread.get_by_role("article")
    expect(mail.get_by_text("Taken for junk")).to_be_visible()
    mail.get_by_role("button", name="Why is this here?").click()
    why = page.get_by_role("dialog", name="Why is this here?")
    expect(why.get_by_text("offers.example is blocked by your list.")).to_be_visible()
    expect(why.get_by_text("+100", exact=True)).to_be_visible()
    one.shot("junk-why")
    one.press("Escape")
    mail.get_by_role("button", name="Not junk").click()
    inbox = make.mailbox(cast.alice, "inbox")
    expect(page.get_by_text("Moved to", exact=False).first).to_be_visible()
    until(lambda: "Save money" in subjects(alice, inbox))


def test_what_was_refused_is_found_told_and_released(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    alice.ok(alice.patch("/junk/organisation/", {"refuse_at": 50}))
    alice.ok(alice.post("/junk/senders/", {"value": "offers.example", "list": "block"}), 201)
    with pytest.raises(smtplib.SMTPDataError):
        deliver(house, cast.alice, subject="Our offer", sender=SPAMMER)
    one = desk(cast.alice)
    one.mailbox("Junk").click()
    one.row("Our offer").click()
    mail = one.thread.get_by_role("article")
    expect(mail.get_by_text("Refused; its sender was told")).to_be_visible()
    mail.get_by_role("button", name="Why is this here?").click()
    why = one.page.get_by_role("dialog", name="Why is this here?")
    expect(why.get_by_text("It was refused, and put into Junk in case that was a mistake.")).to_be_visible()
    expect(why.get_by_text("It was refused, and its sender told so.")).to_be_visible()
    one.shot("refused-why")
    assert axe_faults(one.page) == [] and overflow(one.page) <= 0
    one.press("Escape")
    mail.get_by_role("button", name="Not junk").click()
    until(lambda: "Our offer" in subjects(alice, make.mailbox(cast.alice, "inbox")))

    until(lambda: alice.get("/refusals/").json["items"])
    one.go("/organisation/refused")
    one.page.get_by_role("table").get_by_role("button", name=cast.alice.email).click()
    told = one.page.get_by_role("dialog", name="Taken for junk")
    expect(told.get_by_text("It lies in Junk of whom it was for", exact=False)).to_be_visible()
    one.shot("refused-list")


def test_a_sender_is_never_junk_again_and_that_is_taken_back(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    alice.ok(alice.patch("/junk/", {"threshold": 2}))
    deliver(
        house, cast.alice, subject="BUY NOW AND SAVE", sender=SPAMMER, text="See http://192.0.2.1/offer\r\n"
    )
    one = desk(cast.alice)
    page = one.page
    one.mailbox("Junk").click()
    one.row("BUY NOW AND SAVE").click()
    mail = one.thread.get_by_role("article")
    mail.get_by_role("button", name="Why is this here?").click()
    why = page.get_by_role("dialog", name="Why is this here?")
    expect(why.get_by_text("The junk filter put it into Junk.")).to_be_visible()
    expect(why.get_by_text("from 2 on mail is junk to you")).to_be_visible()
    why.get_by_role("button", name="Never junk from this sender").click()
    inbox = make.mailbox(cast.alice, "inbox")
    until(lambda: "BUY NOW AND SAVE" in subjects(alice, inbox))
    listed = alice.get("/junk/senders/").json["items"]
    assert [(one["value"], one["list"]) for one in listed] == [(BULK, "allow")]

    one.go("/mail/inbox")
    one.open("BUY NOW AND SAVE")
    mail.get_by_role("button", name="Why is this here?").click()
    expect(why.get_by_text("Somebody took it out of Junk.")).to_be_visible()
    why.get_by_role("button", name=f"No longer always let {BULK} in").click()
    expect(why.get_by_role("button", name="Block this sender")).to_be_visible()
    assert alice.get("/junk/senders/").json["items"] == []
    why.get_by_role("button", name="Block this sender").click()
    expect(page.get_by_text(f"Mail from {BULK} goes to Junk now.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    until(lambda: alice.get("/junk/senders/").json["items"] == [])


def test_mail_in_the_inbox_says_why_it_is_there(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    deliver(house, cast.alice, subject="A plain letter", sender=SPAMMER)
    one = desk(cast.alice)
    one.open("A plain letter")
    one.thread.get_by_role("button", name="Why is this here?").click()
    why = one.page.get_by_role("dialog", name="Why is this here?")
    expect(why.get_by_text("No rule filed it, and the filter let it in")).to_be_visible()
    expect(why.get_by_text("points in all; from 5 on mail is junk to you.")).to_be_visible()
    expect(why.get_by_role("link", name="Make a rule for mail like this")).to_be_visible()
    one.shot("inbox-why")
    assert axe_faults(one.page) == [] and overflow(one.page) <= 0
    why.get_by_role("button", name="Report as junk").click()
    until(lambda: "A plain letter" in subjects(alice, make.mailbox(cast.alice, "junk")))


def test_one_chooses_how_strict_it_is_and_whom_to_let_in(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    one = desk(cast.alice, path="/settings/junk")
    page = one.page
    card = page.get_by_role("region", name="The junk filter")
    card.get_by_role("radio", name="Strict").click()
    expect(card.get_by_role("radio", name="Strict")).to_be_checked()
    own = page.get_by_role("form", name="Senders", exact=True)
    own.get_by_role("textbox", name="Address or domain").fill("@Offers.example")
    own.get_by_role("button", name="Add").click()
    listed = page.get_by_role("list", name="Senders", exact=True).get_by_role("listitem")
    expect(listed).to_contain_text("offers.example")
    expect(listed).to_contain_text("Never let in")
    assert alice.get("/junk/").json["threshold"] == 3.5
    listed.get_by_role("button", name="Take offers.example off the list").click()
    expect(listed).to_have_count(0)
    card.get_by_role("switch", name="Keep junk out of the inbox").click()
    expect(card.get_by_role("radio", name="Strict")).to_have_count(0)
    page.reload()
    expect(card.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    until(lambda: not alice.get("/junk/").json["is_enabled"])


def test_what_was_learnt_is_told_and_forgotten(cast: Cast, alice: Client, desk: Sit) -> None:
    from tests.delivery.test_junk import settled

    for number in range(3):
        make.email(cast.alice, flags=1, subject=str(number), text=PLANS)
    settled(cast.alice)
    one = desk(cast.alice, path="/settings/junk")
    page = one.page
    card = page.get_by_role("region", name="The junk filter")
    expect(card).to_contain_text("3 e-mails that you want, 0 that are junk.")
    expect(card).to_contain_text("words alone decide nothing")
    card.get_by_role("button", name="Forget all").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget", exact=True).click()
    expect(card).to_contain_text("0 e-mails that you want")
    until(lambda: alice.get("/junk/").json["learnt"] == {"wanted": 0, "junk": 0})


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_its_page_fits_and_is_accessible(
    cast: Cast, alice: Client, desk: Sit, size: str, scheme: str
) -> None:
    for value, list_ in (("offers.example", "block"), (f"{'long-' * 12}x@{'sub.' * 7}example.org", "allow")):
        alice.ok(alice.post("/junk/senders/", {"value": value, "list": list_}), 201)
        alice.ok(alice.post("/junk/organisation/senders/", {"value": value, "list": list_}), 201)
    one = desk(cast.alice, path="/settings/junk", size=size, color_scheme=scheme)
    expect(one.page.get_by_role("list", name="Senders", exact=True)).to_be_visible()
    expect(one.page.get_by_role("list", name="Everybody's senders")).to_be_visible()
    assert look(one.page, one, f"junk-{size}-{scheme}") == []
