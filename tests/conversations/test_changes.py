"""The logs: a client that applied what they tell equals one that fetched afresh, whatever happened and got lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, person
from tests.conversations.follower import Own, Room, afresh, own_afresh
from tests.conversations.rooms import channel, group, me, refusal, reply, say
from tests.house import RunningHouse

STEPS = 80
FUTURE = "2035-01-01T00:00:00Z"


class Play:
    """Three people who do things at random in one conversation."""

    def __init__(self, room: str, owner: Client, others: list[Client], chance: random.Random) -> None:
        self.room, self.owner, self.others, self.chance = room, owner, others, chance
        self.everybody = [owner, *others]
        self.sent: list[dict[str, Any]] = [say(owner, room)]

    def act(self) -> None:
        one = self.chance.choice(ACTS)
        answer = one(self, self.chance.choice(self.everybody), self.chance.choice(self.sent))
        assert answer.status < 500, answer.body
        if answer.status == 201 and b'"number"' in answer.body:
            self.sent.append(answer.json)

    def author(self, message: dict[str, Any]) -> Client:
        return next(one for one in self.everybody if me(one) == message["author"]["id"])

    def close(self) -> Any:
        """For a moment, mostly: hardly anything can be done in an archived conversation."""
        answer = self.owner.post(f"/conversations/{self.room}/archive/")
        if self.chance.random() < 0.8:
            answer = self.owner.send("DELETE", f"/conversations/{self.room}/archive/")
        return answer


def _path(message: dict[str, Any], verb: str = "") -> str:
    return f"/messages/{message['id']}/{verb}"


Act = Callable[[Play, Client, dict[str, Any]], Any]
ACTS: list[Act] = [
    lambda play, one, _: one.post(f"/conversations/{play.room}/messages/", {"text": "Hello"}),
    lambda play, one, _: one.post(f"/conversations/{play.room}/messages/", {"text": "Note this", "needs_ack": True}),
    lambda play, one, at: one.post(_path(at, "reply/"), {"text": f"@[x](user:{me(play.owner)})"}),
    lambda play, one, at: one.post(_path(at, "reply/"), {"text": "x", "in_thread": False}),
    lambda play, one, at: play.author(at).patch(_path(at), {"text": f"Edited {play.chance.random()}"}),
    lambda play, one, at: play.author(at).delete(_path(at)),
    lambda play, one, at: one.post(_path(at, "react/"), {"emoji": "👍", "is_on": play.chance.random() < 0.7}),
    lambda play, one, at: one.post(_path(at, "pin/")),
    lambda play, one, at: one.send("DELETE", _path(at, "pin/")),
    lambda play, one, at: one.post(_path(at, "acknowledge/")),
    lambda play, one, at: one.post(_path(at, "star/")),
    lambda play, one, at: one.send("DELETE", _path(at, "star/")),
    lambda play, one, at: one.post(_path(at, "remind/"), {"remind_at": FUTURE}),
    lambda play, one, at: one.send("DELETE", _path(at, "remind/")),
    lambda play, one, at: one.post(f"/conversations/{play.room}/read/", {"number": at["number"]}),
    lambda play, one, at: one.post(f"/conversations/{play.room}/unread/", {"number": at["number"]}),
    lambda play, one, _: one.post(f"/conversations/{play.room}/read/", {"number": 10**6, "is_reopened": True}),
    lambda play, one, _: play.owner.patch(f"/conversations/{play.room}/", {"topic": str(play.chance.random())}),
    lambda play, one, _: play.close(),
    lambda play, one, _: play.owner.send("DELETE", f"/conversations/{play.room}/archive/"),
    lambda play, one, _: play.chance.choice(play.others).post(f"/conversations/{play.room}/leave/"),
    lambda play, one, _: play.owner.post(
        f"/conversations/{play.room}/participants/", {"user_ids": [me(play.chance.choice(play.others))]}
    ),
    lambda play, one, _: play.owner.patch(
        f"/conversations/{play.room}/participants/{me(play.others[0])}/",
        {"role": play.chance.choice(("admin", "member"))},
    ),
    lambda play, one, _: one.patch(f"/conversations/{play.room}/me/", {"is_favourite": play.chance.random() < 0.5}),
    lambda play, one, _: one.send(
        "PUT", f"/conversations/{play.room}/draft/", {"content": {"text": str(play.chance.random())}}
    ),
    lambda play, one, _: one.send("PUT", f"/conversations/{play.room}/draft/", {"content": None}),
    lambda play, one, _: one.post(f"/conversations/{play.room}/messages/", {"text": "x", "send_at": FUTURE}),
    lambda play, one, _: one.patch("/conversations/settings/", {"hides_reading": play.chance.random() < 0.5}),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_applying_changes_equals_fetching_afresh(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast, seed: int
) -> None:
    from posthouse.base import limits

    chance = random.Random(seed)
    carol = log_in(house, person("Carol", cast.domain))
    limits.limiter.reset()
    play = Play(group(alice, bob, carol), alice, [bob, carol], chance)
    room, own = Room(alice, play.room), [(client, Own(client)) for client in (alice, bob)]
    for step in range(STEPS):
        play.act()
        if chance.random() < 0.2 or step == STEPS - 1:
            room.follow(chance, limit=chance.choice((1, 3, 500)))
            assert room.shown() == afresh(alice, play.room), (seed, step)
        if chance.random() < 0.1 or step == STEPS - 1:
            for client, mine in own:
                mine.follow(chance, limit=chance.choice((1, 3, 500)))
                assert mine.shown() == own_afresh(client), (seed, step, client.person)
    assert len(room.messages) > 5 and any(row["deleted_at"] for row in room.messages.values())


def test_a_crowd_that_comes_and_goes_is_told_as_it_is(alice: Client, bob: Client, cast: Cast) -> None:
    """Where reading begins or ceases to be shown, every participant's state changes."""
    room = channel(alice)
    bob.ok(bob.post(f"/conversations/{room}/join/"))
    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": say(alice, room)["number"]}))
    mine, chance = Room(alice, room), random.Random(0)
    from tests.cast import user_id

    crowd = [user_id(person(f"P{n}", cast.domain)) for n in range(24)]
    for act in (
        lambda: alice.post(f"/conversations/{room}/participants/", {"user_ids": crowd}),
        lambda: alice.delete(f"/conversations/{room}/participants/{crowd[0]}/"),
        lambda: alice.post(f"/conversations/{room}/participants/", {"user_ids": crowd[:1]}),
    ):
        assert act().status in (201, 204)
        mine.follow(chance, limit=500)
        assert mine.shown() == afresh(alice, room)


def test_a_cursor_from_elsewhere_is_told_to_fetch_afresh(alice: Client, bob: Client) -> None:
    from posthouse.base import db, sql

    room = group(alice, bob)
    path, gone = f"/conversations/{room}/changes/", (410, "cannot_calculate_changes")
    assert refusal(alice.get(path, since=999_999)) == gone
    db.run(
        sql.run, ("UPDATE conversations_conversation SET seq = seq + 10001 WHERE id = %s", [int(room)]), {}
    )
    assert refusal(alice.get(path, since=0)) == gone
    state = alice.get(f"/conversations/{room}/").json["seq"]
    assert alice.ok(alice.get(path, since=state))["messages"] == []
    assert refusal(alice.get("/conversations/changes/", since=999_999)) == gone


def test_hints_tell_that_there_is_news(house: RunningHouse, alice: Client, bob: Client) -> None:
    from posthouse.base.hub import Hint, hub
    from posthouse.conversations.changes import conversation_topic, person_topic

    heard: list[Hint] = []
    room = group(alice, bob)
    ends = [
        hub.subscribe(topic, heard.append)
        for topic in (conversation_topic(int(room)), person_topic(int(me(bob))))
    ]
    try:
        message = say(alice, room)
        bob.ok(bob.post(f"/messages/{message['id']}/star/"), 204)
        alice.ok(alice.delete(f"/conversations/{room}/participants/{me(bob)}/"), 204)
        from tests.delivery.outside import until

        until(lambda: len({hint.topic for hint in heard}) == 2 and len(heard) >= 4)
    finally:
        for end in ends:
            end()
    told = [hint.modseq for hint in heard if hint.topic == conversation_topic(int(room))]
    assert told == sorted(told) and told[0] == int(message["seq"])


def test_a_thread_of_one_in_pieces_is_whole(alice: Client, bob: Client) -> None:
    """What one action touched is never cut in two, however small the pieces."""
    room = group(alice, bob)
    reply(bob, say(alice, room))
    since, seen = "0", []
    for _ in range(50):
        told = alice.ok(alice.get(f"/conversations/{room}/changes/", since=since, limit=1))
        seen.append([(one["number"], one["seq"]) for one in told["messages"]])
        since = told["state"]
        if not told["has_more"]:
            break
    numbers = [number for some in seen for number, _ in some]
    assert numbers == sorted(numbers) and len(numbers) == 3
