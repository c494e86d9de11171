"""The list of conversations: what was said last, folders, the menu of a line, keys; and who is behind a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from tests.conversations import rooms
from tests.e2e.browser import Desk, axe_faults
from tests.e2e.conftest import Sit
from tests.e2e.test_conversations import field, line, log, of, said, write
from tests.e2e.test_look import settle

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


def section(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("region", name="Conversations").get_by_role("region", name=name, exact=True)


def choose(desk: Desk, name: str, item: str) -> None:
    """By the other mouse button."""
    line(desk, name).click(button="right")
    desk.page.get_by_role("menuitem", name=item).click()


def test_each_line_says_what_was_said_last_as_it_is_said(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(door, cast.bob, name="Desk", topic="Plans")
    talk = rooms.direct(door, other)
    bob = desk(cast.bob, path="/conversations")
    expect(line(bob, "Desk")).to_contain_text("Plans")
    sent = rooms.say(door, room, "Is **anybody** there?")
    expect(line(bob, "Desk")).to_contain_text("Alice: Is anybody there?")
    rooms.say(other, talk, "Me")
    direct = bob.page.locator(f"[data-conversation='{talk}']")
    expect(direct).to_contain_text("Alice")
    expect(direct).to_contain_text("You: Me")
    later = rooms.say(door, room, "Later")
    expect(line(bob, "Desk")).to_contain_text("Alice: Later")
    door.ok(door.patch(f"/messages/{later['id']}/", {"text": "Much later"}))
    expect(line(bob, "Desk")).to_contain_text("Alice: Much later")
    # What is taken away is gone from the line too, and what stood before it is there again.
    door.ok(door.delete(f"/messages/{later['id']}/"), 204)
    expect(line(bob, "Desk")).to_contain_text("Alice: Is anybody there?")
    other.ok(other.delete(f"/messages/{sent['id']}/?for=me"), 204)
    expect(line(bob, "Desk")).to_contain_text("Plans")


def test_folders_are_made_renamed_and_taken_away(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = of(house, cast.alice)
    for name in ("Desk", "Stable", "Kitchen"):
        rooms.group(door, cast.bob, name=name)
    alice, phone = desk(cast.alice, path="/conversations"), desk(cast.alice, path="/conversations")
    choose(alice, "Desk", "Move to a folder")
    alice.page.get_by_role("combobox", name="Move to").fill("Work")
    alice.press("Enter")
    expect(section(alice, "Work").get_by_role("link", name="Desk")).to_be_visible()
    expect(section(phone, "Work").get_by_role("link", name="Desk")).to_be_visible()
    expect(alice.toast("Moved to Work")).to_be_visible()

    # The same by keys, into what is there already, and by dragging.
    line(alice, "Stable").focus()
    alice.press("v")
    alice.page.get_by_role("combobox", name="Move to").fill("Wor")
    alice.press("Enter")
    expect(section(alice, "Work").get_by_role("listitem")).to_have_count(2)
    line(alice, "Kitchen").drag_to(section(alice, "Work").get_by_role("heading"))
    expect(section(alice, "Work").get_by_role("listitem")).to_have_count(3)
    alice.undo()
    expect(section(alice, "Work").get_by_role("listitem")).to_have_count(2)

    alice.page.get_by_role("button", name="More about the folder Work").click()
    alice.page.get_by_role("menuitem", name="Rename").click()
    alice.page.get_by_role("textbox", name="Name").fill("Inn")
    alice.press("Enter")
    expect(section(alice, "Inn").get_by_role("listitem")).to_have_count(2)
    expect(section(phone, "Inn").get_by_role("listitem")).to_have_count(2)

    # Closed it shows what is unread alone, and stays closed.
    section(alice, "Inn").get_by_role("button", name="Inn", exact=True).click()
    expect(section(alice, "Inn").get_by_role("listitem")).to_have_count(0)
    alice.page.reload()
    expect(section(alice, "Inn").get_by_role("button", name="Inn").first).to_have_attribute(
        "aria-expanded", "false"
    )
    reader = of(house, cast.bob)
    room = next(one["id"] for one in reader.get("/conversations/").json["items"] if one["name"] == "Desk")
    rooms.say(reader, room, "News")
    expect(section(alice, "Inn").get_by_role("link", name="Desk")).to_contain_text("Bob: News")
    alice.page.get_by_role("button", name="More about the folder Inn").click()
    alice.page.get_by_role("menuitem", name="Take the folder away").click()
    expect(section(phone, "Inn")).to_have_count(0)


def test_a_line_is_marked_muted_and_hidden(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(door, cast.bob)
    rooms.say(other, room, "Word")
    alice = desk(cast.alice, path="/conversations")
    expect(line(alice, "Desk")).to_contain_text("1 unread")
    choose(alice, "Desk", "Mark as read")
    expect(line(alice, "Desk")).not_to_contain_text("unread")
    choose(alice, "Desk", "Mark as unread")
    expect(line(alice, "Desk")).to_contain_text("1 unread")
    line(alice, "Desk").focus()
    alice.press("Shift+I")
    expect(line(alice, "Desk")).not_to_contain_text("unread")
    alice.press("Shift+S")
    expect(section(alice, "Favourites").get_by_role("link", name="Desk")).to_be_visible()
    line(alice, "Desk").focus()
    alice.press("Shift+M")
    expect(line(alice, "Desk").get_by_label("Muted")).to_be_visible()
    alice.undo()
    expect(line(alice, "Desk").get_by_label("Muted")).to_have_count(0)
    choose(alice, "Desk", "Out of the list")
    expect(line(alice, "Desk")).to_have_count(0)
    rooms.say(other, room, "And again")
    expect(line(alice, "Desk")).to_be_visible()


def test_a_name_shows_who_it_is_and_blocks(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    other.ok(
        other.patch(
            "/users/me/",
            {"title": "Ostler", "time_zone": "Asia/Kolkata", "status": {"text": "In the stable"}},
        )
    )
    room = rooms.group(door, cast.bob)
    rooms.say(other, room, "Hello")
    alice = desk(cast.alice, path=f"/conversations/{room}")
    name = said(alice, "Hello").get_by_role("button", name="Bob", exact=True)
    name.click()
    card = alice.page.get_by_role("dialog", name="About Bob")
    for words in ("Ostler", "In the stable", "5.5 hours ahead", cast.bob.email):
        expect(card).to_contain_text(words)
    settle(alice.page)
    alice.shot("profile-card")
    assert axe_faults(alice.page) == []
    card.get_by_role("button", name="Block").click()
    expect(alice.toast("Bob cannot write to you directly")).to_be_visible()
    alice.press("Escape")
    expect(card).to_have_count(0)
    folded = log(alice).get_by_role("article", name="A message of somebody you blocked")
    expect(folded).to_be_focused()
    assert other.post("/conversations/", {"kind": "direct", "user_ids": [rooms.me(door)]}).status == 404

    alice.go("/settings/privacy")
    alice.page.get_by_role("button", name="Unblock Bob").click()
    expect(alice.page.get_by_text("Nobody. A click on a name")).to_be_visible()
    alice.page.get_by_role("radiogroup", name="Who may write to you directly").get_by_text("Nobody").click()
    alice.page.get_by_role("switch", name="Show what you have read").click()
    expect(alice.page.get_by_role("switch", name="Show what you have read")).not_to_be_checked()
    alice.page.reload()
    expect(alice.page.get_by_role("switch", name="Show what you have read")).not_to_be_checked()
    assert axe_faults(alice.page) == []
    refused = other.post("/conversations/", {"kind": "direct", "user_ids": [rooms.me(door)]})
    assert rooms.refusal(refused) == (403, "direct_refused")

    alice.go(f"/conversations/{room}")
    said(alice, "Hello").get_by_role("button", name="Bob", exact=True).click()
    card.get_by_role("button", name="Write", exact=True).click()
    expect(alice.page.get_by_role("heading", name="Bob", exact=True)).to_be_visible()
    write(alice, "Just us")
    expect(said(alice, "Just us").get_by_role("time")).to_be_visible()
    expect(field(alice)).to_have_value("")


def test_status_and_peace_are_in_the_menu_of_ones_picture(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    door = of(house, cast.alice)
    alice = desk(cast.alice, path="/conversations")
    you = alice.page.get_by_role("button", name="Look, settings, log out")
    you.click()
    alice.page.get_by_role("menuitem", name="Set a status").click()
    dialog = alice.page.get_by_role("dialog", name="Your status")
    dialog.get_by_role("textbox", name="Status").fill("On the road")
    dialog.get_by_role("button", name="Set", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(you).to_contain_text("On the road")
    you.click()
    alice.page.get_by_role("menuitem", name="For an hour").click()
    you.click()
    expect(alice.page.get_by_role("menuitem", name="Disturb me again")).to_be_visible()
    assert door.get("/notifications/settings/").json["dnd_until"] is not None
    alice.page.get_by_role("menuitem", name="Disturb me again").click()
    you.click()
    expect(alice.page.get_by_role("menuitem", name="For an hour")).to_be_visible()
    assert door.get("/notifications/settings/").json["dnd_until"] is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "medium", "phone"])
def test_axe_finds_nothing_in_the_list(
    house: RunningHouse, cast: Cast, desk: Sit, size: str, scheme: str
) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    work = rooms.group(door, cast.bob, name="A name that is too long for the line that it stands in")
    for room, words in ((work, "Long words, " * 20), (rooms.group(door, cast.bob, name="Desk"), "Short")):
        rooms.say(other, room, words)
    muted = rooms.channel(door, name="news")
    door.ok(door.patch(f"/conversations/{muted}/me/", {"muted_until": "2999-01-01T00:00:00Z"}))
    door.ok(door.patch(f"/conversations/{work}/me/", {"folder": "Work"}))
    alice = desk(cast.alice, path="/conversations", size=size, color_scheme=scheme)
    expect(section(alice, "Work").get_by_role("listitem")).to_have_count(1)
    settle(alice.page)
    alice.shot(f"chat-list-{size}-{scheme}")
    assert axe_faults(alice.page) == []
    line(alice, "Desk").click(button="right")
    expect(alice.page.get_by_role("menuitem", name="Mark as read")).to_be_visible()
    settle(alice.page)
    alice.shot(f"chat-list-menu-{size}-{scheme}")
