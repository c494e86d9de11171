"""Conversations on the stream: catching up, what is pushed, and who hears nothing any more."""

from __future__ import annotations

import threading

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, guest, person, user_id
from tests.house import RunningHouse
from tests.realtime import talk
from tests.realtime.conftest import Open
from tests.realtime.tab import Tab, fresh


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def agrees(tab: Tab, conversation_id: int) -> bool:
    """What the tab applied since the beginning is what one gets who fetches now."""
    copy, now = tab.copies[str(conversation_id)], fresh(conversation_id)
    return (copy.number, copy.conversation, copy.rows) == (now.number, now.conversation, now.rows)


def forget_feed(tab: Tab, conversation_id: int) -> None:
    """What was told is kept while somebody follows."""
    tab.say(type="unfollow", conversations=[str(conversation_id)])
    tab.say(type="ping")
    tab.hear("pong")


def test_it_tells_what_was_missed_and_then_pushes(
    open_tab: Open, alice: Client, bob: Client, cast: Cast
) -> None:
    room = talk.group(cast.alice, cast.bob)
    talk.say(cast.alice, room, "Missed")
    since = talk.seq(room)
    talk.say(cast.alice, room, "Missed too")
    tabs = [open_tab(client) for client in (alice, bob, bob)]
    for tab in tabs:
        assert tab.follow(room, since=since)["conversations"] == {str(room): str(since)}
        tab.until(lambda tab=tab: tab.texts(room) == ["Missed too"])  # type: ignore[misc]
    talk.say(cast.bob, room, "Pushed")
    for tab in tabs:
        tab.until(lambda tab=tab: tab.texts(room) == ["Missed too", "Pushed"])  # type: ignore[misc]


def test_from_the_beginning_it_is_what_a_fresh_fetch_gives(open_tab: Open, alice: Client, cast: Cast) -> None:
    room = talk.group(cast.alice, cast.bob)
    tab = open_tab(alice)
    tab.follow(room, since=0)

    def write() -> None:
        for number in range(40):
            talk.say(cast.bob, room, f"n{number}")

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    tab.until(lambda: len(tab.texts(room)) == 120)
    for writer in writers:
        writer.join()
    tab.until(lambda: tab.copies[str(room)].number == talk.seq(room))
    assert agrees(tab, room)


def test_one_message_names_all_and_what_comes_later(open_tab: Open, bob: Client, cast: Cast) -> None:
    rooms = [talk.group(cast.alice, cast.bob, name=f"Room {n}") for n in range(3)]
    tab = open_tab(bob)
    tab.say(type="follow", all=True)
    answer = tab.hear("following")
    assert answer["conversations"] == {str(room): str(talk.seq(room)) for room in rooms}
    assert "own" in answer
    for room in rooms:
        talk.say(cast.alice, room, "Hello")
    tab.until(lambda: all(tab.texts(room) == ["Hello"] for room in rooms))
    later = talk.group(cast.alice, cast.bob)
    tab.until(lambda: str(later) in tab.copies)
    talk.say(cast.alice, later, "New here")
    tab.until(lambda: tab.texts(later) == ["New here"])


def test_own_pointers_reach_all_devices(open_tab: Open, alice: Client, bob: Client, cast: Cast) -> None:
    from posthouse.conversations import pointers

    room = talk.group(cast.alice, cast.bob)
    talk.say(cast.alice, room, "Read me")
    phone, desk, hers = open_tab(bob), open_tab(bob), open_tab(alice)
    for tab in (phone, desk, hers):
        tab.say(type="follow", own=None)
        tab.hear("following")
    pointers.read(cast.bob.actor, room, number=2)
    for tab in (phone, desk):
        told = tab.hear("own")
        assert [(row["conversation_id"], row["read_number"]) for row in told["conversations"]] == [
            (str(room), 2)
        ]
    assert hers.silent("own")


def test_another_life_and_too_much_are_said_honestly(open_tab: Open, alice: Client, cast: Cast) -> None:
    from posthouse.base import db, sql

    room = talk.group(cast.alice, cast.bob)
    tab = open_tab(alice)
    tab.follow(room, since=10**12)
    resync = tab.hear("resync")
    assert resync == {"type": "resync", "conversation": str(room), "state": str(talk.seq(room))}
    since = talk.seq(room)
    talk.say(cast.bob, room, "After")
    tab.until(lambda: tab.texts(room) == ["After"])
    forget_feed(tab, room)
    run = db.action(sql.run)
    run("UPDATE conversations_conversation SET horizon = seq WHERE id = %s", [room])
    other = open_tab(alice)
    other.follow(room, since=since)
    assert other.hear("resync")["state"] == str(talk.seq(room))
    forget_feed(other, room)
    run("UPDATE conversations_conversation SET seq = seq + 20000 WHERE id = %s", [room])
    run("UPDATE conversations_conversation SET horizon = 0 WHERE id = %s", [room])
    third = open_tab(alice)
    third.follow(room, since=since)
    assert third.hear("resync")["state"] == str(talk.seq(room))


def test_what_is_not_ones_own_does_not_exist(
    house: RunningHouse, open_tab: Open, alice: Client, cast: Cast
) -> None:
    theirs, ours = talk.group(cast.mallory), talk.group(cast.alice, cast.bob)
    tab = open_tab(alice)
    answer = tab.follow(theirs, 12345, ours)
    assert answer["conversations"] == {str(ours): str(talk.seq(ours))}
    assert sorted(answer["not_found"]) == sorted([str(theirs), "12345"])
    talk.say(cast.mallory, theirs, "Secret")
    for kind in ("look", "typing"):
        for room in (theirs, 12345):
            tab.say(type=kind, conversation=str(room))
            assert tab.hear("error") == {"type": "error", "code": "not_found", "conversation": str(room)}
    assert tab.silent("conversation")
    open_to_all = talk.channel(cast.alice)
    for client, is_there in (
        (log_in(house, cast.bob), True),
        (log_in(house, guest(cast)), False),
        (log_in(house, cast.mallory), False),
    ):
        found = open_tab(client).follow(open_to_all)["conversations"]
        assert (str(open_to_all) in found) is is_there


def test_who_is_put_out_hears_nothing_more(open_tab: Open, alice: Client, bob: Client, cast: Cast) -> None:
    from posthouse.conversations import participants

    room = talk.group(cast.alice, cast.bob)
    hers, his = open_tab(alice), open_tab(bob)
    for tab in (hers, his):
        tab.follow(room)
    participants.remove(cast.alice.actor, room, int(user_id(cast.bob)))
    talk.say(cast.alice, room, "Without Bob")
    hers.until(lambda: "Without Bob" in hers.texts(room))
    assert his.hear("error") == {"type": "error", "code": "not_found", "conversation": str(room)}
    assert his.silent("conversation")
    assert "Without Bob" not in his.texts(room)
    participants.add(cast.alice.actor, room, [int(user_id(cast.bob))])
    his.follow(room)
    talk.say(cast.alice, room, "Back again")
    his.until(lambda: his.texts(room) == ["Back again"])


def test_who_is_put_out_while_people_write_never_hears_what_came_after(
    open_tab: Open, alice: Client, bob: Client, cast: Cast
) -> None:
    """The order of the log decides, however messages and the removal meet."""
    from posthouse.conversations import participants

    for _ in range(8):
        room = talk.group(cast.alice, cast.bob)
        tabs = [open_tab(bob) for _ in range(3)]
        for tab in tabs:
            tab.follow(room)

        def write(room: int = room) -> None:
            for number in range(15):
                talk.say(cast.alice, room, f"n{number}")

        writer = threading.Thread(target=write)
        writer.start()
        participants.remove(cast.alice.actor, room, int(user_id(cast.bob)))
        left_at = fresh(room).rows["participants"]
        gone = max(int(row["seq"]) for row in left_at.values() if row["left_at"] is not None)
        writer.join()
        after = {m["text"] for m in fresh(room).rows["messages"].values() if int(m["seq"]) > gone}
        for tab in tabs:
            assert tab.hear("error")["code"] == "not_found"
            assert tab.silent("conversation", seconds=0.2)
            assert not after & set(tab.texts(room))


def test_a_channel_that_is_closed_lets_go_of_who_is_not_in_it(
    open_tab: Open, alice: Client, bob: Client, cast: Cast
) -> None:
    from posthouse.conversations import opening

    room = talk.channel(cast.alice)
    hers, his = open_tab(alice), open_tab(bob)
    for tab in (hers, his):
        tab.follow(room)
    talk.say(cast.alice, room, "For all")
    his.until(lambda: his.texts(room) == ["For all"])
    opening.change(cast.alice.actor, room, {"visibility": "private"})
    talk.say(cast.alice, room, "For us")
    hers.until(lambda: "For us" in hers.texts(room))
    assert his.hear("error")["code"] == "not_found"
    assert "For us" not in his.texts(room)


def test_a_conversation_that_is_deleted_is_gone_for_all(
    open_tab: Open, alice: Client, bob: Client, cast: Cast
) -> None:
    from posthouse.conversations import opening

    room = talk.group(cast.alice, cast.bob)
    tabs = [open_tab(alice), open_tab(bob)]
    for tab in tabs:
        tab.follow(room)
    opening.delete(cast.alice.actor, room)
    for tab in tabs:
        assert tab.hear("error") == {"type": "error", "code": "not_found", "conversation": str(room)}


def test_who_may_not_converse_any_more_hears_nothing(
    house: RunningHouse, open_tab: Open, bob: Client, cast: Cast
) -> None:
    """Rights that are taken elsewhere: a person who becomes a guest does not see open channels."""
    room, inner = talk.channel(cast.alice), talk.group(cast.alice, cast.bob)
    his = open_tab(bob)
    his.follow(room, inner)
    owner = log_in(house, cast.alice)
    owner.ok(owner.patch(f"/users/{user_id(cast.bob)}/", {"role": "guest"}))
    talk.say(cast.alice, room, "For members")
    talk.say(cast.alice, inner, "For us two")
    assert his.hear("error") == {"type": "error", "code": "not_found", "conversation": str(room)}
    his.until(lambda: his.texts(inner) == ["For us two"])
    assert his.texts(room) == []


def test_a_deleted_message_is_not_told_from_memory(open_tab: Open, alice: Client, cast: Cast) -> None:
    from posthouse.conversations import editing

    room = talk.group(cast.alice, cast.bob)
    watching = open_tab(alice)
    watching.follow(room)
    since = talk.seq(room)
    message = talk.say(cast.bob, room, "Oops")
    watching.until(lambda: watching.texts(room) == ["Oops"])
    editing.delete(cast.bob.actor, message)
    watching.until(lambda: watching.texts(room) == [""])
    late = open_tab(alice)
    late.follow(room, since=since)
    late.until(lambda: late.copies[str(room)].number == talk.seq(room))
    assert "Oops" not in str(late.heard)


def test_unfollowed_is_silent_and_nonsense_is_refused(open_tab: Open, alice: Client, cast: Cast) -> None:
    room = talk.group(cast.alice, cast.bob)
    tab = open_tab(alice)
    tab.follow(room)
    forget_feed(tab, room)
    talk.say(cast.bob, room, "Unheard")
    assert tab.silent("conversation", seconds=0.5)
    for bad in (
        '{"type":"follow","conversations":[1]}',
        '{"type":"follow","conversations":{"1":-1}}',
        '{"type":"follow","all":"yes"}',
        '{"type":"unfollow","conversations":{}}',
        '{"type":"received","conversations":[]}',
    ):
        tab.socket.send(bad)
        assert tab.hear("error")["code"] == "invalid"


def test_typing_is_told_to_who_looks_and_to_nobody_else(
    house: RunningHouse, open_tab: Open, alice: Client, bob: Client, cast: Cast
) -> None:
    carol = person("Carol", cast.domain)
    room = talk.group(cast.alice, cast.bob, carol)
    hers, his, third = open_tab(alice), open_tab(bob), open_tab(log_in(house, carol))
    for tab in (hers, his, third):
        tab.follow(room)
    for tab in (hers, his):
        tab.say(type="look", conversation=str(room))
    both = {user_id(cast.alice), user_id(cast.bob)}
    for tab in (hers, his):
        tab.until(lambda tab=tab: any(set(m.get("people", ())) == both for m in tab.heard))  # type: ignore[misc]
    his.say(type="typing", conversation=str(room))
    told = hers.hear("typing")
    assert (told["user"], told["is_typing"], told["thread"]) == (user_id(cast.bob), True, None)
    his.say(type="typing", conversation=str(room))
    assert hers.silent("typing", seconds=0.5), "said again within two seconds"
    his.say(type="typing", conversation=str(room), is_typing=False)
    assert hers.hear("typing")["is_typing"] is False
    assert third.silent("typing", "looking", seconds=0.3) and his.silent("typing", seconds=0.1)
    hers.say(type="look", conversation=None)
    assert his.hear("looking")["people"] == [user_id(cast.bob)]


def test_who_hides_types_and_looks_unseen(open_tab: Open, alice: Client, bob: Client, cast: Cast) -> None:
    room = talk.group(cast.alice, cast.bob)
    hers, his = open_tab(alice), open_tab(bob)
    for tab in (hers, his):
        tab.follow(room)
        tab.say(type="look", conversation=str(room))
    hers.until(lambda: any(m.get("count") == 2 for m in hers.heard))
    bob.ok(bob.patch("/users/me/", {"hides_online": True}))
    assert hers.hear("looking")["people"] == [user_id(cast.alice)]
    his.say(type="typing", conversation=str(room))
    assert hers.silent("typing", seconds=0.5)
    hers.say(type="typing", conversation=str(room))
    assert his.silent("typing", seconds=0.5), "who hides is not shown others either"


def test_what_was_received_is_written_in_batches(
    open_tab: Open, alice: Client, bob: Client, cast: Cast
) -> None:
    room = talk.group(cast.alice, cast.bob)
    hers, his = open_tab(alice), open_tab(bob)
    for tab in (hers, his):
        tab.follow(room, since=0)
    for number in range(5):
        talk.say(cast.alice, room, f"n{number}")
    his.until(lambda: len(his.texts(room)) == 5)
    last = max(m["number"] for m in his.copies[str(room)].rows["messages"].values())
    before = talk.seq(room)
    for number in range(last - 3, last + 1):
        his.say(type="received", conversations={str(room): str(number)})
    his.say(type="received", conversations={str(room): str(last + 100)})

    def got() -> dict[str, int]:
        rows = hers.copies[str(room)].rows["participants"].values()
        return {row["user_id"]: row["delivered_number"] for row in rows}

    hers.until(lambda: got().get(user_id(cast.bob)) == last)
    assert talk.seq(room) == before + 1, "one number for five acknowledgements"
