"""The stream tells a person's notifications as they come and go, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.conversations.rooms import direct, say
from tests.house import RunningHouse
from tests.realtime.tab import Tab


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


@pytest.fixture
def tab(house: RunningHouse, bob: Client) -> Iterator[Tab]:
    with closing(Tab(house, bob)) as opened:
        yield opened


def test_what_comes_and_what_is_read_elsewhere_is_told(tab: Tab, alice: Client, bob: Client) -> None:
    tab.say(type="notifications")
    assert tab.hear("notifications") == {
        "type": "notifications", "seq": "0", "unread": 0, "resync": True, "items": [],
    }  # fmt: skip
    room = direct(alice, bob)
    sent = say(alice, room, "The coach is here")
    told = tab.hear("notifications")
    assert (told["unread"], [one["body"] for one in told["items"]]) == (1, ["The coach is here"])

    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": sent["number"]}))
    told = tab.hear("notifications")
    assert (told["unread"], [one["is_read"] for one in told["items"]]) == (0, [True])


def test_who_comes_back_is_told_what_they_missed(
    house: RunningHouse, tab: Tab, alice: Client, bob: Client
) -> None:
    tab.say(type="notifications")
    since = tab.hear("notifications")["seq"]
    say(alice, direct(alice, bob), "Missed")
    tab.hear("notifications")
    with closing(Tab(house, bob)) as later:
        later.say(type="notifications", since=since)
        told = later.hear("notifications")
        assert (told["resync"], [one["body"] for one in told["items"]]) == (False, ["Missed"])
    with closing(Tab(house, alice)) as other:
        other.say(type="notifications", since="0")
        assert other.hear("notifications")["items"] == []


def test_who_does_not_ask_is_not_told_and_nonsense_is_refused(tab: Tab, alice: Client, bob: Client) -> None:
    say(alice, direct(alice, bob))
    assert tab.silent("notifications")
    tab.socket.send('{"type": "notifications", "since": "x"}')
    assert tab.hear("error")["code"] == "invalid"
