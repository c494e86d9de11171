"""Who comes where newcomers are not shown what was said before sees nothing of it, by any door."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.api.client import Answer, Client, log_in
from tests.cast import Cast, person
from tests.conversations.follower import Room, afresh
from tests.conversations.rooms import channel, group, me, refusal, reply, say, texts
from tests.conversations.test_exports import asked, opened
from tests.conversations.test_finding import index_all
from tests.house import RunningHouse
from tests.realtime.tab import Tab

BEFORE = "erstwhile"
"""In everything that was said, called and brought before, and in no other."""
STEPS = 40
FUTURE = "2035-01-01T00:00:00Z"
Said = dict[str, Any]
Act = Callable[["Play"], Answer]


class Play:
    """alice and bob, who do things at random with what was said before carol came, and go on talking."""

    def __init__(self, room: str, alice: Client, bob: Client, carol: Client, chance: random.Random) -> None:
        self.room, self.alice, self.bob, self.carol, self.chance = room, alice, bob, carol, chance
        self.old: list[Said] = []
        self.new: list[Said] = []

    @property
    def one(self) -> Client:
        return self.chance.choice((self.alice, self.bob))

    @property
    def old_one(self) -> Said:
        return self.chance.choice(self.old)

    def author(self, message: Said) -> Client:
        return self.alice if me(self.alice) == message["author"]["id"] else self.bob

    def fill(self) -> None:
        """Messages, answers in threads that are called something, a file, a pin, an edit: all of before."""
        file = self.alice.request(
            "POST", f"/conversations/files/?filename={BEFORE}.txt", body=BEFORE.encode()
        )
        self.old.append(say(self.alice, self.room, f"{BEFORE} file", file_ids=[file.json["id"]]))
        for number in range(6):
            self.old.append(say(self.one, self.room, f"{BEFORE} {number} http://localhost:9/{BEFORE}"))
        for root in self.old[1:4]:
            answer = reply(self.one, root, f"{BEFORE} answer")
            self.old.append(answer)
            path = f"/conversations/{self.room}/threads/{answer['thread_id']}/"
            self.alice.ok(self.alice.patch(path, {"title": f"{BEFORE} title"}))
        self.alice.ok(self.alice.post(f"/messages/{self.old[0]['id']}/pin/"))
        first = self.old[1]
        self.author(first).ok(
            self.author(first).patch(f"/messages/{first['id']}/", {"text": f"{BEFORE} edited"})
        )

    def act(self) -> None:
        answer = self.chance.choice(ACTS)(self)
        assert answer.status < 500, answer.body
        if answer.status == 201 and b'"number"' in answer.body:
            self.new.append(answer.json)


def _of(message: Said, verb: str = "") -> str:
    return f"/messages/{message['id']}/{verb}"


ACTS: list[Act] = [
    lambda play: play.one.post(f"/conversations/{play.room}/messages/", {"text": "since"}),
    lambda play: play.one.post(f"/conversations/{play.room}/messages/", {"text": f"@[x](user:{me(play.carol)})"}),
    lambda play: play.one.post(_of(play.old_one, "reply/"), {"text": "since, in a thread from before"}),
    lambda play: play.one.post(_of(play.old_one, "reply/"), {"text": f"@[x](user:{me(play.carol)})"}),
    lambda play: play.one.post(_of(play.old_one, "reply/"), {"text": "since, quoting", "in_thread": False}),
    lambda play: (old := play.old_one) and play.author(old).patch(
        _of(old), {"text": f"{BEFORE} again {play.chance.random()}"}
    ),
    lambda play: (old := play.old_one) and play.author(old).delete(_of(old)),
    lambda play: play.one.post(_of(play.old_one, "react/"), {"emoji": "👍"}),
    lambda play: play.one.post(_of(play.old_one, "pin/")),
    lambda play: play.alice.patch(f"/conversations/{play.room}/", {"topic": str(play.chance.random())}),
    lambda play: play.carol.post(f"/conversations/{play.room}/messages/", {"text": "mine"}),
    lambda play: play.carol.post(f"/conversations/{play.room}/unread/", {"number": 1}),
    lambda play: play.carol.post(f"/conversations/{play.room}/read/", {"number": 10**6, "is_reopened": True}),
    lambda play: play.carol.post(_of(play.chance.choice(play.new), "reply/"), {"text": "mine, in a thread"})
    if play.new else play.carol.get("/conversations/"),
]  # fmt: skip


def _doors(play: Play) -> Iterator[tuple[str, str]]:
    """All that carol can ask that lists something, and what it says; not what a search says that it was asked."""
    carol, room = play.carol, f"/conversations/{play.room}/"
    for path, query in (
        ("/conversations/", {}),
        ("/conversations/unread/", {}),
        ("/conversations/changes/", {"since": "0"}),
        ("/conversations/reminders/", {}),
        ("/conversations/drafts/", {}),
        ("/threads/unread/", {}),
        ("/notifications/", {}),
        (room, {}),
        (f"{room}messages/", {"limit": "200"}),
        (f"{room}messages/", {"around": "1"}),
        (f"{room}messages/", {"after": "0"}),
        (f"{room}messages/", {"before": "12"}),
        (f"{room}threads/", {}),
        (f"{room}pins/", {}),
        (f"{room}changes/", {"since": "0"}),
        (f"{room}participants/", {}),
        ("/messages/", {"q": BEFORE}),
        ("/messages/", {"q": f"{BEFORE} ", "conversation": play.room}),
        ("/messages/", {"q": f"in:#desk is:unread {BEFORE}"}),
        ("/messages/", {"has": "file"}),
        ("/messages/", {"has": "pin"}),
        ("/messages/", {"has": "link", "conversation": play.room}),
        ("/search/", {"q": f"{BEFORE} "}),
    ):
        answer = carol.get(path, **query)
        assert answer.status in (200, 410), (path, query, answer.body)
        yield f"{path} {query}", str(answer.json["items"]) if "q" in query else answer.body.decode()
    for thread in {one["thread_id"] for one in play.old if one["thread_id"]}:
        yield f"thread {thread}", carol.get(f"{room}messages/", thread=thread).body.decode()
        yield f"thread {thread}", carol.get(f"{room}threads/{thread}/").body.decode()


def _permalinks(play: Play) -> Iterator[tuple[str, Answer]]:
    """All that carol can do to a message by its id."""
    carol = play.carol
    for old in play.old:
        for verb in ("", "revisions/", "readers/", "files/", "previews/"):
            yield f"{verb} {old['text']}", carol.get(_of(old, verb))
        for verb, body in (
            ("reply/", {"text": "x"}),
            ("react/", {"emoji": "👍"}),
            ("pin/", None),
            ("star/", None),
            ("acknowledge/", None),
            ("remind/", {"remind_at": FUTURE}),
            ("report/", {"reason": "spam"}),
            ("forward/", {"conversation_id": play.room}),
        ):
            yield f"{verb} {old['text']}", carol.post(_of(old, verb), body)
        yield "delete", carol.delete(_of(old))
        yield "edit", carol.patch(_of(old), {"text": "x"})
        quoting = {"text": "x", "reply_to": old["id"]}
        yield "quote", carol.post(f"/conversations/{play.room}/messages/", quoting)
    file = play.old[0]["attachments"][0]["id"]
    yield "file", carol.get(_of(play.old[0], f"files/{file}/"))


def _begun(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast, chance: random.Random, **fields: Any
) -> Play:
    from posthouse.base import limits

    carol = log_in(house, person("Carol", cast.domain))
    limits.limiter.reset()
    play = Play(group(alice, bob, **fields), alice, bob, carol, chance)
    play.fill()
    alice.ok(alice.post(f"/conversations/{play.room}/participants/", {"user_ids": [me(carol)]}), 201)
    return play


@pytest.mark.parametrize("seed", range(3))
def test_a_newcomer_sees_nothing_of_before_by_any_door(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast, seed: int
) -> None:
    from posthouse.base import limits

    chance = random.Random(seed)
    play = _begun(house, alice, bob, cast, chance, history="joined")
    room, tab = Room(play.carol, play.room), Tab(house, play.carol)
    tab.say(type="follow", conversations={play.room: "0"}, all=True, own="0")
    tab.hear("following")
    try:
        for step in range(STEPS):
            play.act()
            if step % 10 == 9:
                limits.limiter.reset()
                if chance.random() < 0.5:
                    index_all()
                for door, said in _doors(play):
                    assert BEFORE not in said, (seed, step, door)
                room.follow(chance, limit=chance.choice((1, 3, 500)))
                assert room.shown() == afresh(play.carol, play.room), (seed, step)
        limits.limiter.reset()
        for door, answer in _permalinks(play):
            assert answer.status == 404, (door, answer.body)
        _, lines, made = opened(play.carol, asked(play.carol, play.room))
        assert BEFORE not in str(lines) and BEFORE not in str(made.namelist()) and lines
        sent = say(alice, play.room, "the last")
        tab.until(lambda: "the last" in tab.texts(int(play.room)))
        assert BEFORE not in str(tab.heard)
    finally:
        tab.close()
    assert sent["text"] == texts(play.carol, play.room)[-1]
    assert any("thread from before" in str(row["text"]) for row in room.messages.values())
    assert BEFORE in str(alice.get(f"/conversations/{play.room}/messages/", limit=200).json), "others see all"


def test_who_sees_all_is_told_all_on_the_stream_beside_one_who_does_not(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    """What is of before goes to each by itself; what is new to both as one."""
    play = _begun(house, alice, bob, cast, random.Random(0), history="joined")
    bobs, carols = Tab(house, bob), Tab(house, play.carol)
    try:
        for tab in (bobs, carols):
            tab.follow(int(play.room))
        old = next(one for one in play.old if one["author"]["id"] == me(alice))
        for n in range(3):
            alice.ok(alice.patch(f"/messages/{old['id']}/", {"text": f"{BEFORE} {n}"}))
            say(alice, play.room, f"new {n}")
        for tab in (bobs, carols):
            tab.until(lambda tab=tab: "new 2" in tab.texts(int(play.room)))  # type: ignore[misc]
        assert f"{BEFORE} 2" in bobs.texts(int(play.room))
        assert carols.texts(int(play.room)) == ["new 0", "new 1", "new 2"]
        assert BEFORE not in str(carols.heard)
    finally:
        bobs.close()
        carols.close()


def test_the_policy_is_the_default_and_a_conversation_may_say_otherwise(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    assert alice.ok(alice.get("/conversations/policy/"))["history"] == "all"
    carol, dave = (log_in(house, person(name, cast.domain)) for name in ("Carol", "Dave"))
    room = group(alice, bob)
    say(alice, room, "one")
    _add(alice, room, carol)
    assert (
        texts(carol, room) == ["one"] and carol.get(f"/conversations/{room}/").json["me"]["shown_after"] == 0
    )
    alice.ok(alice.patch("/conversations/policy/", {"history": "joined"}))
    assert texts(carol, room) == ["one"], "it counts for who comes from now on"
    _add(alice, room, dave)
    say(alice, room, "two")
    assert texts(dave, room) == ["two"] and dave.get(f"/conversations/{room}/").json["me"]["shown_after"] > 0
    assert refusal(bob.patch(f"/conversations/{room}/", {"history": "all"}))[0] == 403, "its admins say"
    alice.ok(alice.patch(f"/conversations/{room}/", {"history": "all"}))
    events = [
        item["event"] for item in bob.get(f"/conversations/{room}/messages/").json["items"] if item["event"]
    ]
    assert events[-1] == {"type": "history_changed", "history": "all"}
    assert texts(dave, room) == ["two"]
    # Who comes back comes as anybody does.
    dave.ok(dave.post(f"/conversations/{room}/leave/"), 204)
    _add(alice, room, dave)
    assert texts(dave, room) == ["one", "two"]
    alice.ok(alice.patch(f"/conversations/{room}/", {"history": None}))
    bob.ok(bob.post(f"/conversations/{room}/leave/"), 204)
    _add(alice, room, bob)
    assert texts(bob, room) == []


def _add(client: Client, room: str, other: Client) -> None:
    client.ok(client.post(f"/conversations/{room}/participants/", {"user_ids": [me(other)]}), 201)


def test_what_is_open_to_all_hides_nothing_but_from_guests(alice: Client, bob: Client, gina: Client) -> None:
    """And who came while it was private sees all when it is opened, and is told to fetch it."""
    room = channel(alice, history="joined")
    say(alice, room, "one")
    bob.ok(bob.post(f"/conversations/{room}/join/"))
    _add(alice, room, gina)
    assert texts(bob, room) == ["one"] and texts(gina, room) == []
    desk = channel(alice, visibility="private", history="joined")
    say(alice, desk, "two")
    _add(alice, desk, bob)
    state = bob.get(f"/conversations/{desk}/").json["seq"]
    assert texts(bob, desk) == []
    alice.ok(alice.patch(f"/conversations/{desk}/", {"visibility": "organisation"}))
    assert texts(bob, desk) == ["two"]
    assert refusal(bob.get(f"/conversations/{desk}/changes/", since=state)) == (
        410,
        "cannot_calculate_changes",
    )
    alice.ok(alice.patch(f"/conversations/{desk}/", {"visibility": "private"}))
    assert texts(bob, desk) == []


def test_who_comes_after_a_message_is_not_told_of_it(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast
) -> None:
    """Although they are of a group that it names."""
    from posthouse.conversations import concerned

    carol = log_in(house, person("Carol", cast.domain))
    desk = alice.ok(alice.post("/groups/", {"name": "Desk"}), 201)["id"]
    alice.ok(alice.send("PUT", f"/groups/{desk}/members/{me(carol)}/", {}), 204)
    room = group(alice, bob)
    said = say(alice, room, f"@[Desk](group:{desk}) look")
    _add(alice, room, carol)
    written = concerned.written(int(said["id"]))
    assert written is not None
    assert [one.user_id for one in concerned.concerned(written)] == [int(me(bob))]
