"""Somebody with nothing but an e-mail address takes part in a conversation, and everybody in it sees that they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests.api.client import log_in
from tests.bridge.people import ZOE, answer, got, held_mail, invite
from tests.cast import PASSWORD
from tests.conversations import rooms
from tests.delivery.outside import outside
from tests.e2e.browser import Desk, axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_conversations import said, write
from tests.e2e.test_look import settle
from tests.e2e.test_organisation import forget_proofs
from tests.push_service import until

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e
FILE = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere it is\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n"
    b"%PDF-1.4 x\r\n--b--\r\n"
)


def people(desk: Desk) -> Locator:
    """Those of the conversation's details who take part by e-mail."""
    return desk.page.get_by_role("list", name="By e-mail, from outside").get_by_role("listitem")


def bar(desk: Desk, text: str) -> Locator:
    return desk.page.get_by_role("button", name=text)


def ask_in(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Ask somebody in by e-mail").click()
    dialog = desk.page.get_by_role("dialog", name="Ask somebody in by e-mail")
    dialog.get_by_label("E-mail address").fill(ZOE)
    dialog.get_by_label("Name").fill("Zoe")
    dialog.get_by_role("button", name="Ask in", exact=True).click()


def choose(desk: Desk, item: str) -> None:
    people(desk).get_by_role("button", name="More about Zoe").click()
    desk.page.get_by_role("menuitem", name=item).click()


def test_somebody_is_asked_in_answers_and_held_mail_is_let_in(
    house: RunningHouse, cast: Cast, desk: Sit
) -> None:
    door = log_in(house, cast.alice)
    room = rooms.group(door, cast.bob)
    alice = desk(cast.alice, path=f"/conversations/{room}")
    bob = desk(cast.bob, path=f"/conversations/{room}")
    with outside(house, "outside.test") as world:
        alice.page.get_by_role("button", name="About this conversation").click()
        forget_proofs(cast.alice)
        alice.expect_fault("403")
        ask_in(alice)
        proof = alice.page.get_by_role("dialog", name="Is it you?")
        expect(proof).to_contain_text("Mail leaves the house by itself")
        proof.get_by_label("Password").fill(PASSWORD)
        proof.get_by_role("button", name="Go on").click()
        expect(people(alice)).to_contain_text(ZOE)
        expect(people(alice)).to_contain_text("Asked in, has not answered yet")

        # Before he writes a word, bob sees who will read it.
        expect(said(bob, f"Alice brought in Zoe ({ZOE}) by e-mail")).to_be_visible()
        expect(bar(bob, "1 person outside reads this by e-mail")).to_be_visible()
        expect(bob.page.get_by_text("1 outside, by e-mail")).to_be_visible()
        write(bob, "Where is the plan?")
        (mail,) = got(world, 1)
        answer(house, mail, body=FILE)
        answer(house, mail, "It is me", sender="zoe@home.test")
        answer(house, mail, "Win a horse", sender="eve@evil.test")

    message = said(bob, "Here it is")
    expect(message).to_contain_text(f"by e-mail{ZOE}")
    expect(message.get_by_role("link", name="plan.pdf")).to_be_visible()
    expect(people(alice)).to_contain_text("Gets what is said here")

    alice.page.reload()
    alice.page.get_by_role("status").filter(has_text="2 mails are held").get_by_role("button").click()
    held = alice.page.get_by_role("dialog", name="Held mail")
    mine = held.get_by_role("listitem").filter(has_text="It is me")
    expect(mine).to_contain_text("zoe@home.test wrote it, who was not asked in")
    mine.get_by_role("button", name="Let in").click()
    held.get_by_role("button", name="Throw away").click()
    alice.page.get_by_role("dialog", name="Throw away").get_by_role("button", name="Throw away").click()
    expect(held).to_contain_text("Nothing is held any more.")
    held.get_by_role("button", name="Close").click()
    expect(said(alice, "It is me")).to_contain_text("Zoe")
    expect(said(bob, "It is me")).to_contain_text(ZOE)
    expect(alice.page.get_by_text("is held")).to_have_count(0)
    assert "Win a horse" not in rooms.texts(door, room)


def test_how_they_get_it_is_changed_and_they_are_put_out(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = log_in(house, cast.alice)
    room = rooms.group(door, cast.bob)
    made = invite(door, room)
    alice = desk(cast.alice, path=f"/conversations/{room}?details=true")
    bob = desk(cast.bob, path=f"/conversations/{room}?details=true")

    def state() -> dict[str, object]:
        found: dict[str, object] = door.ok(door.get(f"/conversations/{room}/outside/"))["items"][-1]
        return found

    def token() -> int:
        from posthouse.bridge import access

        found = access.found_by_id(int(made["id"]))
        assert found is not None
        return found.generation

    # Who is no admin and asked nobody in sees who reads along, and can change nothing of it.
    expect(people(bob)).to_contain_text("Each message")
    expect(people(bob).get_by_role("button")).to_have_count(0)

    people(alice).get_by_label("How often mail goes to Zoe").select_option("daily")
    choose(alice, "Pause")
    expect(people(alice)).to_contain_text("Paused: gets nothing")
    expect(bar(alice, "once it is no longer paused")).to_be_visible()
    choose(alice, "Go on")
    expect(people(alice)).to_contain_text("Gets what is said here")
    until(lambda: (state()["mode"], state()["state"]) == ("daily", "active"))  # shown before it is done

    choose(alice, "Give a new address")
    alice.page.get_by_role("dialog", name="A new address for Zoe?").get_by_role(
        "button", name="Give a new address"
    ).click()
    expect(alice.toast("The next mail brings Zoe another address")).to_be_visible()
    assert token() == 1

    choose(alice, "Remove")
    expect(said(bob, f"Alice put out Zoe ({ZOE})")).to_be_visible()
    expect(bar(bob, "reads this by e-mail")).to_have_count(0)
    expect(people(alice)).to_have_count(0)
    assert state()["state"] == "left"
    alice.page.get_by_role("region", name="News").get_by_role("button", name="Ask in again").click()
    expect(bar(bob, "1 person outside reads this by e-mail")).to_be_visible()
    assert (state()["mode"], state()["state"]) == ("daily", "invited")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "medium", "phone"])
def test_axe_finds_nothing(house: RunningHouse, cast: Cast, desk: Sit, size: str, scheme: str) -> None:
    door = log_in(house, cast.alice)
    room = rooms.channel(door)
    with outside(house, "outside.test", "supplier-of-the-posthouse.test") as world:
        made = invite(door, room)
        invite(door, room, "jonathan.longname@supplier-of-the-posthouse.test", name="Jonathan Longname")
        rooms.say(door, room, "Where is the plan?")
        mail = next(one for one in got(world, 2) if ZOE in str(one["To"]))
        answer(house, mail, body=FILE)
    held_mail(made["id"])
    alice = desk(cast.alice, path=f"/conversations/{room}", size=size, color_scheme=scheme)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        settle(alice.page)
        alice.shot(f"outside-{size}-{scheme}-{name}")
        found[name] = axe_faults(alice.page)
        assert overflow(alice.page) <= 0

    expect(said(alice, "Here it is").get_by_role("link", name="plan.pdf")).to_be_visible()
    expect(bar(alice, "2 people outside read this by e-mail")).to_be_visible()
    look("timeline")
    alice.page.get_by_role("button", name="Look", exact=True).click()
    expect(alice.page.get_by_role("dialog", name="Held mail").get_by_role("listitem")).to_have_count(1)
    look("held")
    alice.page.get_by_role("dialog", name="Held mail").get_by_role("button", name="Close").click()
    alice.page.get_by_role("button", name="About this conversation").click()
    people(alice).first.scroll_into_view_if_needed()
    look("details")
    alice.page.get_by_role("button", name="Ask somebody in by e-mail").click()
    expect(alice.page.get_by_role("dialog", name="Ask somebody in by e-mail")).to_be_visible()
    look("ask")
    assert {name: faults for name, faults in found.items() if faults} == {}
