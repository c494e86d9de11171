"""The organisation's pages for conversations: policies, what would go, holds, and what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.conversations import rooms
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_conversations import of, said
from tests.e2e.test_look import settle
from tests.identity.factors import moving_clock

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e
DAY = 86_400


def test_policies_and_what_would_go(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    with moving_clock() as move:
        other = of(house, cast.bob)
        room = rooms.group(other, cast.alice, name="Back room")
        for number in range(3):
            rooms.say(other, room, f"Old {number}")
        move(40 * DAY)
        door = of(house, cast.alice)
        alice = desk(cast.alice, path="/organisation/conversations")
        page = alice.page
        page.get_by_role("combobox", name="Messages may be edited for").select_option(label="15 minutes")
        page.get_by_role("combobox", name="Who may open channels").select_option(
            label="Who manages conversations"
        )
        page.get_by_role("form", name="What people may do").get_by_role("button", name="Save").click()
        expect(alice.toast("Saved.")).to_be_visible()
        policy = door.get("/conversations/policy/").json
        assert (policy["edit_seconds"], policy["creating"]) == (900, "admins")

        keeping = page.get_by_role("form", name="How long messages are kept")
        keeping.get_by_role("spinbutton", name="Days").fill("30")
        expect(keeping).to_contain_text("4 messages in 1 conversation")
        settle(page)
        alice.shot("keeping")
        assert axe_faults(page) == []
        keeping.get_by_role("button", name="Save").click()
        question = page.get_by_role("dialog", name="Let messages go?")
        expect(question).to_contain_text("4 messages in 1 conversation")
        question.get_by_role("button", name="Cancel").click()
        assert door.get("/conversations/policy/").json["retention_days"] is None

        # One conversation by itself: days of its own, and a hold that outdoes them.
        row = page.get_by_role("row", name="Back room")
        row.get_by_role("button", name="More about Back room").click()
        page.get_by_role("menuitem", name="How long messages are kept").click()
        dialog = page.get_by_role("dialog", name="How long Back room keeps messages")
        dialog.get_by_role("spinbutton", name="Days").fill("30")
        expect(dialog).to_contain_text("4 messages in 1 conversation")
        dialog.get_by_role("button", name="Let them go").click()
        expect(row).to_contain_text("30 days")
        row.get_by_role("button", name="More about Back room").click()
        page.get_by_role("menuitem", name="Put a legal hold on it").click()
        expect(row).to_contain_text("Held")
        alice.undo()
        expect(row).not_to_contain_text("Held")
        row.get_by_role("button", name="More about Back room").click()
        page.get_by_role("menuitem", name="Put a legal hold on it").click()
        expect(row).to_contain_text("Held")
        from posthouse.conversations import retention

        retention.expire()
        assert len(rooms.texts(of(house, cast.bob), room)) == 3, "the hold keeps all"
        settle(page)
        alice.shot("managed")
        assert axe_faults(page) == []


def test_a_report_is_looked_at_and_decided(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    from tests.cast import guest

    door, bob_door = of(house, cast.alice), of(house, cast.bob)
    gina = of(house, guest(cast))
    room = rooms.group(bob_door, gina)
    rooms.say(gina, room, "Something before")
    message = rooms.say(gina, room, "Something unkind")
    bob = desk(cast.bob, path=f"/conversations/{room}")
    said(bob, "Something unkind").hover()
    said(bob, "Something unkind").get_by_role("button", name="More", exact=True).click()
    bob.page.get_by_role("menuitem", name="Report").click()
    sheet = bob.page.get_by_role("dialog", name="Report this message")
    sheet.get_by_role("textbox", name="What they should know").fill("Please look")
    sheet.get_by_role("button", name="Report", exact=True).click()
    expect(bob.toast("Reported")).to_be_visible()

    alice = desk(cast.alice, path="/organisation/reports")
    page = alice.page
    expect(page.get_by_role("row", name="Something unkind")).to_contain_text("Harassment")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Something unkind").click()
    dialog = page.get_by_role("dialog", name="Reported: Harassment")
    expect(dialog).to_contain_text("Please look")
    expect(dialog).not_to_contain_text("Something before")
    dialog.get_by_role("button", name="Show what was said around it").click()
    expect(dialog.get_by_role("list", name="Around it")).to_contain_text("Something before")
    settle(page)
    alice.shot("report")
    assert axe_faults(page) == []
    dialog.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text("Nothing is waiting")).to_be_visible()
    expect(said(bob, "This message was deleted")).to_be_visible()
    page.get_by_role("combobox", name="Which").select_option(label="Taken away")
    expect(page.get_by_role("row", name="Something unkind")).to_be_visible()
    acts = [line["act"] for line in door.get("/audit/", limit=20).json["items"]]
    assert {"conversation.report_viewed", "conversation.report_decided"} <= set(acts)
    assert bob_door.get(f"/messages/{message['id']}/").json["deleted_at"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "medium", "phone"])
def test_axe_finds_nothing(house: RunningHouse, cast: Cast, desk: Sit, size: str, scheme: str) -> None:
    door, other = of(house, cast.alice), of(house, cast.bob)
    room = rooms.group(
        other, cast.alice, name="A name that is too long for the line that it stands in, and goes on"
    )
    door.ok(door.patch(f"/conversations/managed/{room}/", {"is_held": True, "retention_days": 30}))
    door.ok(door.patch("/conversations/policy/", {"is_held": True}))
    message = rooms.say(other, room, "Words " * 60)
    door.ok(door.post(f"/messages/{message['id']}/report/", {"reason": "other", "note": "Note " * 40}), 204)
    alice = desk(cast.alice, path="/organisation/conversations", size=size, color_scheme=scheme)
    found = {}
    for place, name in (("conversations", "Groups and channels"), ("reports", "Reports")):
        alice.go(f"/organisation/{place}")
        expect(alice.page.get_by_role("table", name=name)).to_be_visible()
        settle(alice.page)
        alice.shot(f"organisation-{place}-{size}-{scheme}")
        found[place] = axe_faults(alice.page) + (["wider"] if overflow(alice.page) > 0 else [])
    alice.go("/settings/privacy")
    expect(alice.page.get_by_role("switch", name="Show what you have read")).to_be_visible()
    settle(alice.page)
    alice.shot(f"privacy-{size}-{scheme}")
    found["privacy"] = axe_faults(alice.page) + (["wider"] if overflow(alice.page) > 0 else [])
    assert {name: faults for name, faults in found.items() if faults} == {}
