"""What one does with a message: be reminded, see who has read and acknowledged, forward, mail, mute its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import make
from tests.bridge.people import held_mail, invite
from tests.conversations import rooms
from tests.e2e.browser import Desk, axe_faults
from tests.e2e.conftest import Sit
from tests.e2e.test_conversations import line, log, of, said
from tests.e2e.test_look import settle

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


def choose(desk: Desk, message: str, item: str) -> None:
    row = said(desk, message)
    row.hover()
    row.get_by_role("button", name="More", exact=True).click()
    desk.page.get_by_role("menuitem", name=item).click()


def test_reminders_are_a_list_and_come_back(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    from posthouse.base import clock

    door, other = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(door, cast.bob)
    first, second = rooms.say(other, room, "Feed the horses"), rooms.say(other, room, "Sweep the yard")
    alice = desk(cast.alice, path=f"/conversations/{room}")
    choose(alice, "Feed the horses", "Remind me")
    alice.page.get_by_role("option", name="tomorrow at 8").click()
    expect(alice.toast("You will be reminded")).to_be_visible()
    door.ok(door.post(f"/messages/{second['id']}/remind/", {"remind_at": clock.iso(clock.now_ms() + 1_000)}))
    reminders = alice.page.get_by_role("link", name="Reminders")
    expect(reminders).to_contain_text("1 due")
    reminders.click()
    page = alice.page.get_by_role("region", name="Conversation", exact=True)
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("listitem").first).to_contain_text("Due")
    settle(alice.page)
    alice.shot("reminders")
    assert axe_faults(alice.page) == []
    page.get_by_role("listitem").filter(has_text="Sweep").get_by_role("button", name="Done with it").click()
    expect(page.get_by_role("listitem")).to_have_count(1)
    expect(reminders).not_to_contain_text("due")
    assert [one["message_id"] for one in door.get("/conversations/reminders/").json["items"]] == [first["id"]]
    page.get_by_role("link", name="Feed the horses").click()
    expect(said(alice, "Feed the horses")).to_be_in_viewport()


def test_who_has_seen_and_who_has_not_acknowledged(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(door, cast.bob)
    message = rooms.say(door, room, "Read this", needs_ack=True)
    alice = desk(cast.alice, path=f"/conversations/{room}")
    expect(log(alice).get_by_role("button", name="Sent")).to_be_visible()
    said(alice, "Read this").get_by_role("button", name="have acknowledged").click()
    sheet = alice.page.get_by_role("dialog", name="Who has acknowledged it")
    expect(sheet.get_by_role("region", name="1 has not yet")).to_contain_text("Bob")
    settle(alice.page)
    alice.shot("acknowledged")
    assert axe_faults(alice.page) == []
    alice.press("Escape")
    other.ok(other.post(f"/messages/{message['id']}/acknowledge/"))
    other.ok(other.post(f"/conversations/{room}/read/", {"number": message["number"]}))
    seen = log(alice).get_by_role("button", name="Seen by Bob")
    expect(seen).to_be_visible()
    seen.click()
    expect(sheet.get_by_role("region", name="1 has acknowledged")).to_contain_text("Bob")
    expect(sheet.get_by_role("region", name="not yet")).to_have_count(0)


def test_a_message_goes_on_and_into_a_mail(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    room, there = rooms.group(door, cast.bob), rooms.group(door, cast.bob, name="Stable")
    rooms.say(other, room, "The coach is *late*")
    alice = desk(cast.alice, path=f"/conversations/{room}")
    choose(alice, "The coach is late", "Forward")
    alice.page.get_by_role("combobox", name="To which conversation").fill("Stab")
    alice.press("Enter")
    dialog = alice.page.get_by_role("dialog", name="Forward: Stable")
    dialog.get_by_role("textbox", name="Your words").fill("As Bob says:")
    settle(alice.page)
    assert axe_faults(alice.page) == []
    dialog.get_by_role("button", name="Forward", exact=True).click()
    expect(alice.toast("Forwarded to Stable")).to_be_visible()
    assert rooms.texts(other, there) == ["As Bob says:\n\nThe coach is *late*"]

    choose(alice, "The coach is late", "Write a mail with it")
    expect(alice.page.get_by_role("textbox", name="Subject")).to_have_value("The coach is late")
    expect(alice.page.get_by_role("region", name="Quoted mail")).to_contain_text("Bob, ")


def test_a_mail_is_said_in_a_conversation(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(door, cast.bob)
    make.email(cast.alice, subject="A *bold* plan", text="As promised, here it is.\r\n")
    alice = desk(cast.alice)
    alice.open("A *bold* plan")
    alice.thread.get_by_role("button", name="More about this mail").click()
    alice.page.get_by_role("menuitem", name="Say it in a conversation").click()
    alice.page.get_by_role("option", name="Desk").click()
    dialog = alice.page.get_by_role("dialog", name="Say it in a conversation: Desk")
    dialog.get_by_role("textbox", name="Your words").fill("What do we say?")
    settle(alice.page)
    alice.shot("say-a-mail")
    assert axe_faults(alice.page) == []
    dialog.get_by_role("button", name="Forward", exact=True).click()
    expect(alice.toast("Forwarded to Desk")).to_be_visible()
    alice.go(f"/conversations/{room}")
    message = said(alice, "What do we say?")
    expect(message).to_contain_text("A *bold* plan")
    message.get_by_role("link", name="Open the mail").click()
    expect(alice.page.get_by_role("article").get_by_text("As promised, here it is.")).to_be_visible()
    assert "What do we say?" in rooms.texts(other, room)[0]


def test_a_thread_is_muted_and_a_link_leads_back(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(door, cast.bob)
    root = rooms.say(door, room, "Where do we meet?")
    answer = rooms.reply(other, root, "In the tap-room")
    for number in range(80):
        rooms.say(other, room, f"Later {number}.")
    path = f"/conversations/{room}?thread={answer['thread_id']}&at={answer['number']}"
    alice = desk(cast.alice, path=path)
    thread = alice.page.get_by_role("region", name="Thread", exact=True)
    expect(thread.get_by_text("In the tap-room")).to_be_visible()
    thread.get_by_role("button", name="What I hear of this thread").click()
    alice.page.get_by_role("menuitemradio", name="Muted").click()
    alice.press("Escape")
    rooms.reply(other, root, "Or at the well")
    expect(thread.get_by_text("Or at the well", exact=True)).to_be_visible()
    threads = alice.page.get_by_role("link", name="Threads")
    expect(threads).not_to_contain_text("unread")
    place = door.ok(door.post(f"/conversations/{room}/threads/{answer['thread_id']}/follow/", {}))
    assert (place["is_following"], place["is_muted"]) == (True, True)
    alice.go(f"/conversations/{room}?at={root['number']}")
    expect(said(alice, "Where do we meet?")).to_be_in_viewport()


def test_held_mail_is_told_as_it_comes(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = of(house, cast.alice)
    room = rooms.group(door, cast.bob)
    zoe = invite(door, room, "zoe@outside.invalid")["id"]
    alice, bob = desk(cast.alice, path=f"/conversations/{room}"), desk(cast.bob, path="/conversations")
    expect(line(alice, "Desk")).not_to_contain_text("held")
    held_mail(zoe)
    expect(line(alice, "Desk")).to_contain_text("1 mail is held")
    banner = alice.page.get_by_role("status").filter(has_text="1 mail is held")
    expect(banner).to_be_visible()
    expect(line(bob, "Desk")).not_to_contain_text("held")
    assert axe_faults(alice.page) == []
    banner.get_by_role("button", name="Look").click()
    alice.page.get_by_role("button", name="Throw away").click()
    alice.page.get_by_role("dialog").last.get_by_role("button", name="Throw away").click()
    alice.press("Escape")
    expect(line(alice, "Desk")).not_to_contain_text("held")
