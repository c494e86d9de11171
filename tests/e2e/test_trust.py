"""Who it is from: proved, doubted or plainly not, and what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from posthouse.wire.auth.results import Result, write
from tests import make
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_look import settle
from tests.smtpd.checking_door import HOST, MAIL, door, hand_in, published
from tests.wire.auth.test_dkim import by_hand

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e

WARNING = "This may not be from bank.example."


@pytest.fixture
def judged(house: RunningHouse, cast: Cast) -> None:
    from posthouse.smtpd.senders import Obey

    with published() as dns, door(house, dns, obey=Obey.OFF) as port:
        for subject, content, sender in (
            (b"Genuine", by_hand(MAIL.replace(b"Account", b"Genuine")), "ann@bank.example"),
            (b"Forged", MAIL.replace(b"Account", b"Forged"), "eve@evil.example"),
            (
                b"Watched",
                MAIL.replace(b"Account", b"Watched").replace(b"@bank", b"@watch"),
                "eve@evil.example",
            ),
            (
                b"Silent",
                MAIL.replace(b"Account", b"Silent").replace(b"@bank", b"@silent"),
                "eve@evil.example",
            ),
        ):
            assert hand_in(port, cast.alice, content, sender=sender).startswith(b"250"), subject


@pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("wide", "dark"), ("phone", "light"), ("phone", "dark")]
)
def test_the_head_of_a_mail_says_who_it_is_from(
    cast: Cast, judged: None, desk: Sit, size: str, scheme: str
) -> None:
    alice = desk(cast.alice, size=size, color_scheme=scheme, reduced_motion="reduce")
    page, name = alice.page, f"trust-{size}-{scheme}"
    faults = []

    alice.open("Forged")
    mail = page.get_by_role("article")
    expect(mail.get_by_text(WARNING)).to_be_visible()
    mail.get_by_role("button", name="Why is this here?").click()
    why = page.get_by_role("dialog", name="Why is this here?")
    expect(why.get_by_text("Nothing proves that this is from bank.example.")).to_be_visible()
    expect(why.get_by_text("evil.example lets the server that brought this send its mail.")).to_be_visible()
    expect(why.get_by_text("DMARC: fail")).to_be_visible()
    settle(page)
    alice.shot(f"{name}-forged")
    faults += axe_faults(page)
    assert overflow(page) <= 0
    alice.press("Escape")
    expect(why).to_be_hidden()

    if size == "phone":
        page.get_by_role("button", name="Back to the list").click()
    alice.open("Genuine")
    expect(mail.get_by_text("Proved to be from bank.example")).to_be_visible()
    expect(mail.get_by_text(WARNING)).to_have_count(0)
    settle(page)
    alice.shot(f"{name}-genuine")
    mail.get_by_role("button", name="Why is this here?").click()
    why = page.get_by_role("dialog", name="Why is this here?")
    expect(why.get_by_text("so it came to the inbox")).to_be_visible()
    expect(why.get_by_text("Signed by bank.example, and not changed on the way.")).to_be_visible()
    alice.press("Escape")
    faults += axe_faults(page)
    assert faults == []


def test_little_is_said_where_little_is_known(cast: Cast, judged: None, desk: Sit) -> None:
    make.email(cast.alice, subject="Unchecked")
    alice = desk(cast.alice)
    mail = alice.thread.get_by_role("article")
    for subject, line, is_told in (
        ("Watched", "Not proved to be from watch.example", True),
        ("Silent", "", True),
        ("Unchecked", "", False),
    ):
        alice.open(subject)
        expect(mail).to_have_count(1)
        if line:
            expect(mail.get_by_text(line)).to_be_visible()
        else:
            expect(mail.get_by_text("roved to be from")).to_have_count(0)
        expect(mail.get_by_role("button", name="Why is this here?")).to_have_count(int(is_told))


def test_a_lie_in_our_name_is_not_believed(cast: Cast, desk: Sit) -> None:
    """Such a header below the topmost Received, or without our Return-Path above it, was not written by us."""
    lie = write(HOST, [Result(method="dmarc", result="pass", properties=(("header.from", "bank.example"),))])
    make.email(cast.alice, lie + make.message(subject="Lied"))
    alice = desk(cast.alice)
    alice.open("Lied")

    expect(alice.thread.get_by_role("article")).to_have_count(1)
    expect(alice.thread.get_by_text("Proved to be from")).to_have_count(0)
