"""The queue for those who look after an organisation: what waits, and what they do to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast, Person
from tests.delivery.outside import inbox, lines, outside, send, settled, until
from tests.house import RunningHouse

LONG = 9_000_000_000_000


def waiting(person: Person, *to: str) -> list[str]:
    """Mail that was tried once and is due far in the future; the ids of its recipients."""
    from posthouse.base import db, sql

    sent = send(person, *to)
    until(lambda: all(line[0] == "retrying" for line in lines(sent.submission_id).values()))

    @db.action
    def later() -> None:
        sql.run(
            "UPDATE delivery_recipient SET state = 'retrying', due_at = %s, attempts = 1, lease = 0"
            " WHERE submission_id = %s",
            [LONG, sent.submission_id],
        )

    later()
    until(lambda: {row[1] for row in rows(sent.submission_id)} == {LONG})
    return [str(row[0]) for row in rows(sent.submission_id)]


def rows(submission_id: int) -> list[tuple[int, int | None, str]]:
    from posthouse.base import sql

    return sql.rows(  # type: ignore[return-value]
        "SELECT id, due_at, state FROM delivery_recipient WHERE submission_id = %s ORDER BY id",
        [submission_id],
    )


def state(recipient_id: str) -> str:
    from posthouse.base import sql

    found = sql.row("SELECT state FROM delivery_recipient WHERE id = %s", [int(recipient_id)])
    assert found is not None
    return str(found[0])


def act(client: Client, verb: str, *ids: str) -> dict[str, tuple[int, str | None]]:
    answer = client.post("/queue/act/", {"verb": verb, "ids": list(ids)})
    assert answer.status == 207, answer.body
    return {one["id"]: (one["status"], one["code"]) for one in answer.json["results"]}


@pytest.fixture
def slow(house: RunningHouse) -> Any:
    with outside(
        house, "slow.test", "idle.test", replies={"MAIL": b"451 4.7.1 greylisted, come back"}
    ) as peer:
        yield peer


@pytest.mark.usefixtures("slow")
def test_what_waits_is_told_with_why_and_when(house: RunningHouse, cast: Cast) -> None:
    (zoe,) = waiting(cast.bob, "zoe@slow.test")
    alice = log_in(house, cast.alice)
    (one,) = alice.get("/queue/").json["items"]
    assert (one["id"], one["sender"], one["recipient"], one["destination"]) == (
        zoe, cast.bob.email, "zoe@slow.test", "slow.test",
    )  # fmt: skip
    assert (one["state"], one["held_by"], one["attempts"], one["reason"]) == (
        "retrying",
        None,
        1,
        "asked_to_wait",
    )
    assert "greylisted" in one["answer"] and one["next_attempt_at"] is not None and one["tls"] is False


@pytest.mark.usefixtures("slow")
def test_pages_and_filters(house: RunningHouse, cast: Cast) -> None:
    ids = waiting(cast.bob, *(f"p{n}@slow.test" for n in range(5)))
    (other,) = waiting(cast.alice, "zoe@idle.test")
    alice = log_in(house, cast.alice)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = alice.get("/queue/", limit=2, destination="SLOW.test", **cursor).json
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == ids
    assert alice.get("/queue/", destination="idle.test", **cursor).json["code"] == "invalid_cursor"
    assert [one["id"] for one in alice.get("/queue/", sender=cast.alice.email).json["items"]] == [other]
    assert alice.get("/queue/", state="held").json["items"] == []
    assert alice.get("/queue/", state="delivered").status == 400


@pytest.mark.usefixtures("slow")
def test_destinations_are_counted(house: RunningHouse, cast: Cast) -> None:
    ids = waiting(cast.bob, *(f"p{n}@slow.test" for n in range(3)))
    waiting(cast.alice, "zoe@idle.test")
    alice = log_in(house, cast.alice)
    act(alice, "hold", ids[0])
    found = alice.get("/queue/destinations/").json["items"]
    assert [(one["destination"], one["waiting"], one["held"], one["tried"]) for one in found] == [
        ("slow.test", 3, 1, 3),
        ("idle.test", 1, 0, 1),
    ]
    assert "greylisted" in found[0]["answer"]
    assert log_in(house, cast.mallory).get("/queue/destinations/").json["items"] == []


def test_retry_now(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "slow.test", replies={"MAIL": [b"451 4.7.1 later"]}) as peer:
        (zoe,) = waiting(cast.bob, "zoe@slow.test")
        assert act(log_in(house, cast.alice), "retry", zoe) == {zoe: (200, None)}
        until(lambda: state(zoe) == "delivered")
    assert len(peer.messages) == 1


@pytest.mark.usefixtures("slow")
def test_what_is_held_waits_until_it_is_released(house: RunningHouse, cast: Cast) -> None:
    (zoe,) = waiting(cast.bob, "zoe@slow.test")
    alice = log_in(house, cast.alice)
    assert act(alice, "hold", zoe) == {zoe: (200, None)}
    (one,) = alice.get("/queue/", state="held").json["items"]
    assert (one["held_by"], one["next_attempt_at"]) == ("admin", None)
    assert act(alice, "retry", zoe) == {zoe: (409, "not_waiting")}
    assert act(alice, "hold", zoe) == {zoe: (409, "not_waiting")}
    assert act(alice, "release", zoe) == {zoe: (200, None)}
    until(lambda: state(zoe) == "failed")
    assert [line["act"] for line in alice.get("/audit/", act="message.").json["items"]][:2] == [
        "message.released",
        "message.held",
    ]


@pytest.mark.usefixtures("slow")
def test_a_held_recipient_keeps_its_submission_open(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import sql

    held, other = waiting(cast.bob, "zoe@slow.test", "yan@slow.test")
    alice = log_in(house, cast.alice)
    act(alice, "hold", held)
    act(alice, "give_up", other)
    found = (
        "SELECT s.state FROM delivery_submission s JOIN delivery_recipient r ON r.submission_id = s.id"
        " WHERE r.id = %s"
    )
    assert sql.row(found, [int(held)]) == ("active",)
    act(alice, "give_up", held)
    assert sql.row(found, [int(held)]) == ("done",)


@pytest.mark.usefixtures("slow")
def test_who_gives_up_tells_the_sender(house: RunningHouse, cast: Cast) -> None:
    (zoe,) = waiting(cast.bob, "zoe@slow.test")
    alice = log_in(house, cast.alice)
    assert act(alice, "give_up", zoe) == {zoe: (200, None)}
    assert act(alice, "give_up", zoe) == {zoe: (409, "not_waiting")}
    (told,) = inbox(cast.bob)
    assert "zoe@slow.test" in told.as_string()


@pytest.mark.usefixtures("slow")
def test_many_at_once_have_a_result_each(house: RunningHouse, cast: Cast) -> None:
    one, two = waiting(cast.bob, "zoe@slow.test", "yan@slow.test")
    (foreign,) = waiting(cast.mallory, "zoe@slow.test")
    nothing = "58769341962780000"
    assert act(log_in(house, cast.alice), "hold", one, foreign, nothing, two, one) == {
        one: (200, None),
        foreign: (404, "not_found"),
        nothing: (404, "not_found"),
        two: (200, None),
    }
    assert state(foreign) == "retrying"


@pytest.mark.usefixtures("slow")
def test_members_see_and_do_nothing_here(house: RunningHouse, cast: Cast) -> None:
    (zoe,) = waiting(cast.bob, "zoe@slow.test")
    bob = log_in(house, cast.bob)
    assert bob.get("/queue/").status == bob.get("/queue/destinations/").status == 403
    assert bob.post("/queue/act/", {"verb": "give_up", "ids": [zoe]}).status == 403
    assert [one["recipient"] for one in log_in(house, cast.alice).get("/queue/").json["items"]] == [
        "zoe@slow.test"
    ]


def test_delivered_mail_waits_no_more(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "quick.test"):
        settled(send(cast.bob, "zoe@quick.test").submission_id)
    assert log_in(house, cast.alice).get("/queue/").json["items"] == []
