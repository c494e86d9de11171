"""Two people talk, each in a browser of their own: what one does the other sees, and nothing is lost or doubled."""

from __future__ import annotations

import json
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests.api.client import Client, log_in
from tests.conversations import rooms
from tests.e2e.browser import Desk, axe_faults
from tests.e2e.conftest import Sit
from tests.e2e.test_look import settle

if TYPE_CHECKING:
    from tests.cast import Cast, Person
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e
NO_NETWORK = r"ERR_INTERNET_DISCONNECTED|WebSocket connection to"


def of(house: RunningHouse, person: Person) -> Client:
    return log_in(house, person)


def log(desk: Desk) -> Locator:
    return desk.page.get_by_role("log").first


def said(desk: Desk, text: str) -> Locator:
    """A message of the timeline that says this."""
    return log(desk).get_by_role("article").filter(has_text=text)


def field(desk: Desk) -> Locator:
    return desk.page.get_by_role("textbox", name="Write to")


def write(desk: Desk, text: str) -> None:
    field(desk).fill(text)
    field(desk).press("Enter")


def line(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("region", name="Conversations").get_by_role("link", name=name)


def test_a_newcomer_and_somebody_blocked(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    alice_client, bob_client = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(alice_client, name="Desk")
    rooms.say(alice_client, room, "Only for us")
    alice = desk(cast.alice, path=f"/conversations/{room}")
    alice.page.get_by_role("button", name="About this conversation").click()
    alice.page.get_by_role("button", name="Change", exact=True).click()
    alice.page.get_by_label("What newcomers see").select_option(label="Only what is said after they come")
    alice.page.get_by_role("button", name="Save").click()
    expect(log(alice).get_by_text("changed what newcomers see: only what is said after")).to_be_visible()
    alice_client.ok(
        alice_client.post(f"/conversations/{room}/participants/", {"user_ids": [rooms.me(bob_client)]}), 201
    )
    bob = desk(cast.bob, path=f"/conversations/{room}")
    expect(
        log(bob).get_by_text("What was said before you came is shown to those who were here.")
    ).to_be_visible()
    expect(said(bob, "Only for us")).to_have_count(0)
    write(bob, "Good morning")
    expect(said(alice, "Good morning")).to_be_visible()

    # Blocked: folded, nothing of it in the list or to a screen reader, and shown when one wants it.
    alice_client.ok(alice_client.post("/conversations/blocks/", {"user_id": rooms.me(bob_client)}), 204)
    alice.page.reload()
    folded = log(alice).get_by_role("article", name="A message of somebody you blocked")
    expect(folded).to_have_count(1)
    expect(alice.page.get_by_text("Good morning")).to_have_count(0)
    assert axe_faults(alice.page) == []
    folded.get_by_role("button", name="Show").click()
    expect(said(alice, "Good morning")).to_be_visible()


def test_two_people_talk(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    room = rooms.group(of(house, cast.alice), cast.bob)
    alice = desk(cast.alice, path=f"/conversations/{room}")
    bob = desk(cast.bob, path=f"/conversations/{room}")
    expect(field(bob)).to_be_visible()
    write(alice, "Is **anybody** there?")
    began = time.monotonic()
    expect(said(bob, "Is anybody there?")).to_be_visible()
    assert time.monotonic() - began < 5
    expect(said(alice, "Is anybody there?")).to_have_count(1)
    expect(said(alice, "Is anybody there?").get_by_text("Sending")).to_have_count(0)

    field(bob).press_sequentially("Y")
    expect(alice.page.get_by_text("Bob is typing")).to_be_visible()
    write(bob, "Yes, I am")
    expect(said(alice, "Yes, I am")).to_be_visible()
    expect(alice.page.get_by_text("Bob is typing")).to_have_count(0)

    # By keys alone: the up arrow edits what one wrote last, and j, k and + act on messages.
    field(bob).press("ArrowUp")
    expect(field(bob)).to_have_value("Yes, I am")
    write(bob, "Yes, I am here")
    expect(said(alice, "Yes, I am here")).to_contain_text("(edited)")
    field(alice).press("Escape")
    alice.press("k", "j", "+")
    alice.page.get_by_role("textbox", name="Find an emoji").fill("tada")
    alice.press("Enter")
    reaction = said(bob, "Yes, I am here").get_by_role("button", name="🎉, 1: Alice")
    expect(reaction).to_be_visible()
    reaction.click()
    expect(said(alice, "Yes, I am here").get_by_role("button", name="🎉, 2")).to_be_visible()


def test_a_thread_and_what_is_deleted(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = of(house, cast.alice)
    room = rooms.group(door, cast.bob)
    rooms.say(door, room, "Where do we meet?")
    alice = desk(cast.alice, path=f"/conversations/{room}")
    bob = desk(cast.bob, path=f"/conversations/{room}")
    said(bob, "Where do we meet?").focus()
    bob.press("t")
    thread = bob.page.get_by_role("region", name="Thread", exact=True)
    thread.get_by_role("textbox", name="Answer in the thread").fill("In the tap-room")
    thread.get_by_role("textbox", name="Answer in the thread").press("Enter")
    expect(thread.get_by_role("log").get_by_text("In the tap-room")).to_be_visible()
    said(alice, "Where do we meet?").get_by_role("button", name="1 answer").click()
    other = alice.page.get_by_role("region", name="Thread", exact=True)
    expect(other.get_by_role("log").get_by_text("In the tap-room")).to_be_visible()
    other.get_by_role("button", name="Mark as done").click()
    expect(said(bob, "Where do we meet?").get_by_text("Done")).to_be_visible()

    said(alice, "Where do we meet?").focus()
    alice.press("#")
    expect(said(alice, "This message was deleted")).to_be_visible()
    alice.undo()
    expect(said(alice, "Where do we meet?")).to_be_visible()
    alice.press("#")
    expect(said(bob, "This message was deleted")).to_be_visible()


def test_reading_anywhere_clears_everywhere(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = of(house, cast.alice)
    room = rooms.group(door, cast.bob)
    for number in range(3):
        rooms.say(door, room, f"Word {number}")
    one = desk(cast.bob, path="/conversations")
    two = desk(cast.bob, path="/")
    expect(line(one, "Desk")).to_contain_text("3 unread")
    expect(two.mailbox("Conversations")).to_contain_text("1 unread")
    one.press("Shift+ArrowDown")
    expect(log(one).get_by_role("heading", name="New", exact=True)).to_be_visible()
    expect(two.mailbox("Conversations")).not_to_contain_text("unread")
    expect(line(one, "Desk")).not_to_contain_text("unread")
    people = of(house, cast.bob).ok(of(house, cast.bob).get("/conversations/unread/"))
    assert people["items"] == []

    said(one, "Word 1").focus()
    one.press("Shift+U")
    expect(two.mailbox("Conversations")).to_contain_text("1 unread")
    expect(line(one, "Desk")).to_contain_text("2 unread")


def test_what_is_written_without_a_network_is_sent_once(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = of(house, cast.bob)
    room = rooms.group(of(house, cast.alice), cast.bob)
    alice = desk(cast.alice, path=f"/conversations/{room}")
    alice.expect_fault(NO_NETWORK)
    write(alice, "Before")
    expect(said(alice, "Before").get_by_role("time")).to_be_visible()
    alice.page.context.set_offline(True)
    expect(alice.sign).to_contain_text("Offline")
    write(alice, "First of two")
    write(alice, "Second of two")
    expect(said(alice, "Second of two")).to_contain_text("Waiting for the network")
    assert rooms.texts(door, room) == ["Before"]
    alice.page.context.set_offline(False)
    expect(said(alice, "Second of two").get_by_role("time")).to_be_visible()
    expect(log(alice).get_by_text("Waiting for the network")).to_have_count(0)
    expect(alice.sign).to_have_text("Synced")
    expect(said(alice, "Second of two")).to_have_count(1)
    assert rooms.texts(door, room) == ["Before", "First of two", "Second of two"]


def test_the_outbox_outlives_the_page(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = of(house, cast.bob)
    room = rooms.group(of(house, cast.alice), cast.bob)
    alice = desk(cast.alice, path=f"/conversations/{room}")
    alice.expect_fault("net::ERR_FAILED")
    refuse = "**/api/v1/conversations/*/messages/"
    alice.page.route(
        refuse, lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    write(alice, "Kept in the drawer")
    expect(said(alice, "Kept in the drawer")).to_contain_text("Waiting to be sent")
    alice.page.unroute(refuse)
    alice.page.reload()
    expect(said(alice, "Kept in the drawer").get_by_role("time")).to_be_visible()
    assert rooms.texts(door, room) == ["Kept in the drawer"]


def test_a_long_conversation_opens_at_the_first_unread_and_keeps_its_place(
    house: RunningHouse, cast: Cast, desk: Sit
) -> None:
    door = of(house, cast.alice)
    room = rooms.group(door, cast.bob)
    for number in range(150):
        rooms.say(door, room, f"Number {number}.")
        if number == 69:
            reader = of(house, cast.bob)
            last = reader.ok(reader.get(f"/conversations/{room}/"))["last_number"]
            reader.ok(reader.post(f"/conversations/{room}/read/", {"number": last}))
    bob = desk(cast.bob, path=f"/conversations/{room}")
    expect(log(bob).get_by_role("heading", name="New", exact=True)).to_be_in_viewport()
    expect(said(bob, "Number 70.")).to_be_in_viewport()
    # Older ones come above while one reads; what one reads stays where it is.
    mark = said(bob, "Number 45.")
    mark.scroll_into_view_if_needed()
    before = mark.bounding_box()
    expect(said(bob, "Number 5.")).to_be_attached()
    after = mark.bounding_box()
    assert before is not None and after is not None
    assert abs(before["y"] - after["y"]) < 3
    rooms.say(door, room, "Meanwhile")
    bob.page.get_by_role("button", name="new message").click()
    expect(said(bob, "Meanwhile")).to_be_in_viewport()


def test_a_conversation_is_opened_with_a_colleague_and_a_channel_joined(
    house: RunningHouse, cast: Cast, desk: Sit
) -> None:
    rooms.channel(of(house, cast.bob), name="stables", topic="Horses")
    alice = desk(cast.alice, path="/conversations")
    expect(alice.page.get_by_text("No conversations yet")).to_be_visible()
    alice.page.get_by_role("button", name="Browse channels").click()
    alice.page.get_by_role("button", name="Join stables").click()
    expect(alice.page.get_by_role("heading", name="stables")).to_be_visible()
    alice.page.get_by_role("button", name="New conversation").first.click()
    alice.page.get_by_role("combobox", name="With whom").fill("Bo")
    alice.page.get_by_role("option", name="Bob").click()
    alice.page.get_by_role("button", name="Open", exact=True).click()
    expect(alice.page.get_by_role("heading", name="Bob", exact=True)).to_be_visible()
    write(alice, "Hello Bob")
    expect(said(alice, "Hello Bob").get_by_role("time")).to_be_visible()
    alice.press("Escape")
    alice.page.keyboard.press("Control+k")
    alice.page.get_by_role("combobox", name="What do you want to do?").fill("stab")
    alice.page.get_by_role("option", name="stables").click()
    expect(alice.page.get_by_role("heading", name="stables")).to_be_visible()


def test_mentions_files_and_acknowledging(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    room = rooms.group(of(house, cast.alice), cast.bob)
    alice = desk(cast.alice, path=f"/conversations/{room}")
    bob = desk(cast.bob, path="/conversations")
    alice.page.get_by_label("Files", exact=True).set_input_files(
        {"name": "plates.txt", "mimeType": "text/plain", "buffer": b"twelve plates"}
    )
    expect(alice.page.get_by_role("list", name="Files to be sent")).to_contain_text("13 B")
    alice.page.get_by_role("button", name="Importance").click()
    alice.page.get_by_role("menuitemcheckbox", name="Ask everybody to acknowledge").click()
    field(alice).press_sequentially("Count these, @Bo")
    alice.page.get_by_role("option", name="Bob").click()
    field(alice).press("Enter")
    message = said(alice, "Count these, @Bob")
    expect(message.get_by_role("link", name="plates.txt")).to_be_visible()
    expect(line(bob, "Desk").get_by_label("You are named")).to_be_visible()
    line(bob, "Desk").click()
    said(bob, "Count these").get_by_role("button", name="Acknowledge", exact=True).click()
    expect(message).to_contain_text("1 has acknowledged")
    # A draft is there on another device.
    field(alice).fill("A word begun")
    other = desk(cast.alice, path=f"/conversations/{room}")
    expect(field(other)).to_have_value("A word begun")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "medium", "phone"])
def test_axe_finds_nothing(house: RunningHouse, cast: Cast, desk: Sit, size: str, scheme: str) -> None:
    door = of(house, cast.alice)
    room = rooms.channel(door)
    first = rooms.say(
        door, room, "A [link](https://localhost:9/), `code`\n\n```\npre\n```\n\n| a | b |\n|--|--|\n| 1 | 2 |"
    )
    rooms.reply(door, first, "An answer")
    rooms.say(door, room, "Urgent", importance="urgent", needs_ack=True, reply_to=first["id"])
    door.ok(door.post(f"/messages/{first['id']}/react/", {"emoji": "🎉"}))
    alice = desk(cast.alice, path=f"/conversations/{room}", size=size, color_scheme=scheme)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        settle(alice.page)
        alice.shot(f"chat-{size}-{scheme}-{name}")
        found[name] = axe_faults(alice.page)

    expect(said(alice, "Urgent")).to_be_visible()
    said(alice, "Urgent").hover()
    look("timeline")
    alice.page.get_by_role("button", name="1 answer").click()
    expect(alice.page.get_by_text("An answer", exact=True)).to_be_visible()
    look("thread")
    alice.page.get_by_role("button", name="Close the thread").click()
    alice.page.get_by_role("button", name="About this conversation").click()
    expect(alice.page.get_by_role("list", name="Members")).to_be_visible()
    look("details")
    for place, heading in {"": "Conversations", "/new": "New conversation", "/starred": "Starred"}.items():
        alice.go(f"/conversations{place}")
        expect(alice.page.get_by_role("heading", name=heading, level=2)).to_be_visible()
        look(place or "list")
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_conversation_is_taken_out(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    client = of(house, cast.alice)
    room = rooms.group(client, cast.bob, name="Desk")
    rooms.say(client, room, "To be kept elsewhere")
    alice = desk(cast.alice, path=f"/conversations/{room}?details=true")
    alice.page.get_by_role("button", name="Make an export").click()
    link = alice.page.get_by_role("link", name="Download")
    expect(link).to_be_visible()
    with alice.page.expect_download() as loading:
        link.click()
    with zipfile.ZipFile(loading.value.path()) as made:
        lines = [json.loads(one) for one in made.read("messages.jsonl").splitlines()]
    assert "To be kept elsewhere" in [one["text"] for one in lines]
    settle(alice.page)
    assert axe_faults(alice.page) == []
