"""Whose a thread is, and how far."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.at_once import at_once
from tests.bridge import desk
from tests.bridge.desk import assign, share
from tests.cast import Cast, person, user_id
from tests.conversations.rooms import refusal
from tests.delivery.outside import until
from tests.house import RunningHouse
from tests.identity.factors import Move


def test_taking_and_finishing_are_lines_of_the_notes(alice: Client, bob: Client, cast: Cast) -> None:
    share(alice, cast.bob, "write")
    thread, bobs = desk.thread(alice), user_id(cast.bob)
    before = alice.ok(alice.get(f"/threads/{thread}/assignment/"))
    assert (before["assignee"], before["status"], before["version"]) == (None, "open", 0)
    taken = bob.ok(assign(bob, thread, assignee_id=bobs))
    assert taken["assignee"] == {"id": bobs, "name": "Bob"} and taken["version"] == 1
    bob.ok(assign(bob, thread, status="pending"))
    bob.ok(assign(bob, thread, status="done", assignee_id=None))
    assert desk.events(alice, thread) == [
        {"type": "assigned", "user_id": bobs, "name": "Bob"},
        {"type": "status_changed", "status": "pending"},
        {"type": "unassigned"},
        {"type": "status_changed", "status": "done"},
    ]
    bob.ok(assign(bob, thread, status="done"))
    assert len(desk.events(alice, thread)) == 4


def test_of_two_who_claim_at_once_one_wins(alice: Client, bob: Client, cast: Cast) -> None:
    share(alice, cast.bob, "write")
    thread = desk.thread(alice)
    answers = at_once(
        [
            lambda: assign(alice, thread, 0, assignee_id=user_id(cast.alice)),
            lambda: assign(bob, thread, 0, assignee_id=user_id(cast.bob)),
        ]
    )
    assert sorted(answer.status for answer in answers) == [200, 412]
    won = next(answer.json["assignee"] for answer in answers if answer.status == 200)
    for client in (alice, bob):
        assert client.ok(client.get(f"/threads/{thread}/assignment/"))["assignee"] == won
    assert [event["type"] for event in desk.events(alice, thread)] == ["assigned"]


@pytest.mark.parametrize(("right", "may"), [("read", False), ("draft", True)])
def test_who_may_answer_assigns_and_is_assigned(
    house: RunningHouse, alice: Client, cast: Cast, right: str, may: bool
) -> None:
    carol = person("Carol", cast.domain)
    share(alice, carol, right)
    client, thread = log_in(house, carol), desk.thread(alice)
    own = assign(client, thread, assignee_id=user_id(carol))
    given = assign(alice, thread, assignee_id=user_id(carol))
    if may:
        assert (own.status, given.status) == (200, 200)
    else:
        assert refusal(own) == (403, "right_lacking")
        assert refusal(given) == (400, "assignee_without_access")


def test_a_stranger_is_assigned_nothing(alice: Client, bob: Client, mallory: Client, cast: Cast) -> None:
    thread = desk.thread(alice)
    for one in (cast.bob, cast.mallory):
        refused = assign(alice, thread, assignee_id=user_id(one))
        assert refusal(refused) == (400, "assignee_without_access")
    assert assign(mallory, thread, status="done").status == 404


def test_what_others_write_opens_what_was_done(alice: Client, bob: Client, cast: Cast) -> None:
    """But not what the account itself sends."""
    share(alice, cast.bob, "write")
    thread = desk.thread(alice, message_id="ask@outside.test", subject="Rooms")
    answer = {"subject": "Re: Rooms", "headers": "References: <ask@outside.test>\r\n"}
    bob.ok(assign(bob, thread, status="done"))
    make.email(cast.alice, sender=f"Alice <{cast.alice.email}>", role="sent", **answer)
    assert _status(bob, thread) == "done"
    assert desk.found(alice, "open") == []
    make.email(cast.alice, sender="Zoe <zoe@outside.test>", **answer)
    assert _status(bob, thread) == "open"
    assert desk.found(alice, "open") == [thread] and desk.found(alice, "done") == []
    bob.ok(assign(bob, thread, status="done"))
    assert _status(bob, thread) == "done" and desk.found(alice, "open") == []


@pytest.mark.parametrize(
    ("reopening", "status", "mine", "unassigned"),
    [("assignee", "open", True, False), ("nobody", "open", False, True), ("never", "done", False, False)],
)
def test_the_account_says_whose_a_done_thread_is_when_others_write(
    alice: Client, bob: Client, cast: Cast, reopening: str, status: str, mine: bool, unassigned: bool
) -> None:
    share(alice, cast.bob, "write")
    path, account = f"/accounts/{cast.alice.account_id}/desk/", {"account": str(cast.alice.account_id)}
    before = {"account_id": account["account"], "reopening": "assignee", "version": 0}
    assert alice.ok(alice.get(path)) == bob.ok(bob.get(path)) == before
    assert refusal(bob.patch(path, {"reopening": "never"})) == (403, "right_lacking")
    assert alice.ok(alice.patch(path, {"reopening": reopening}))["reopening"] == reopening
    thread = desk.thread(alice, message_id="ask@outside.test", subject="Rooms")
    bob.ok(assign(bob, thread, assignee_id=user_id(cast.bob), status="done"))
    make.email(
        cast.alice,
        subject="Re: Rooms",
        sender="Zoe <zoe@outside.test>",
        headers="References: <ask@outside.test>\r\n",
    )
    assert _status(bob, thread) == status
    assert desk.found(bob, "mine") == [thread] * mine
    assert desk.found(bob, "unassigned", **account) == [thread] * unassigned
    assert desk.found(bob, "done", **account) == [thread] * (status == "done")
    # What the next change is of is what stands there, whatever the row said before the mail.
    stands = bob.ok(bob.get(f"/threads/{thread}/assignment/"))
    given = assign(alice, thread, stands["version"], assignee_id=user_id(cast.alice))
    assert alice.ok(given)["assignee"]["name"] == "Alice"
    assert _status(bob, thread) == status
    assert desk.found(alice, "mine") == [thread] * (status == "open")


def test_of_two_who_change_the_setting_at_once_one_is_refused(alice: Client, cast: Cast) -> None:
    path = f"/accounts/{cast.alice.account_id}/desk/"
    etag = {"If-Match": alice.get(path).headers["etag"]}
    assert etag["If-Match"] == '"0"'
    assert alice.send("PATCH", path, {"reopening": "nobody"}, etag).status == 200
    assert alice.send("PATCH", path, {"reopening": "never"}, etag).status == 412
    kept = alice.ok(alice.get(path))
    assert (kept["reopening"], kept["version"]) == ("nobody", 1)
    line = alice.ok(alice.get("/audit/", act="account.changed"))["items"][0]
    assert line["facts"] == {"fields": ["reopening"], "reopening": "nobody"}


def test_who_follows_the_account_hears_of_each_change(alice: Client, bob: Client, cast: Cast) -> None:
    share(alice, cast.bob, "write")
    thread, account = desk.thread(alice), str(cast.alice.account_id)
    state = alice.ok(alice.get("/mailboxes/"))["state"]
    bob.ok(assign(bob, thread, assignee_id=user_id(cast.bob)))
    told = bob.ok(bob.get("/changes/", account=account, since=state))
    assert told["assignments"] == {"changed": [{"thread_id": thread, "version": 1}]}
    assert told["emails"]["changed"] == []
    again = bob.ok(bob.get("/changes/", account=account, since=told["state"]))
    assert again["assignments"] == {"changed": []}
    bob.ok(assign(bob, thread, status="done"))
    later = bob.ok(bob.get("/changes/", account=account, since=told["state"]))
    assert later["assignments"] == {"changed": [{"thread_id": thread, "version": 2}]}


def _status(client: Client, thread: str) -> str:
    return str(client.ok(client.get(f"/threads/{thread}/assignment/"))["status"])


def test_who_is_given_a_thread_hears_of_it(alice: Client, bob: Client, cast: Cast) -> None:
    """Without a word of the mail; not who takes it, and reading it takes that back."""
    share(alice, cast.bob, "write")
    thread = desk.thread(alice, subject="A secret subject")
    bob.ok(assign(bob, thread, assignee_id=user_id(cast.bob)))
    bob.ok(assign(bob, thread, assignee_id=None))
    alice.ok(assign(alice, thread, assignee_id=user_id(cast.bob)))
    (told,) = until(lambda: [one for one in _told(bob) if "gave you" in one["title"]])
    assert told["title"] == "Alice gave you a mail thread" and "secret" not in str(told)
    room = desk.notes(bob, thread)["conversations"][0]["id"]
    bob.ok(bob.post(f"/conversations/{room}/read/", {"number": 3}))
    assert [one for one in _told(bob) if one["read_at"] is None] == []


def _told(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.ok(client.get("/notifications/"))["items"]
    return [one for one in found if "thread" in one["title"]]


def test_lists_by_whose_they_are(alice: Client, bob: Client, cast: Cast) -> None:
    """Over pages, and those of a colleague's account for `mine` without being asked."""
    share(alice, cast.bob, "write")
    threads = [desk.thread(alice, subject=f"Matter {n}") for n in range(7)]
    account = {"account": str(cast.alice.account_id)}
    for thread in threads[:3]:
        bob.ok(assign(bob, thread, assignee_id=user_id(cast.bob)))
    bob.ok(assign(bob, threads[0], status="done"))
    bob.ok(assign(bob, threads[6], status="done"))
    assert desk.found(bob, "mine") == [threads[2], threads[1]]
    for limit in (1, 2, 50):
        pages = {**account, "limit": limit}
        assert desk.found(bob, "mine", **pages) == [threads[2], threads[1]]
        assert desk.found(bob, "unassigned", **pages) == threads[5:2:-1]
        assert desk.found(bob, "open", **pages) == threads[5:0:-1]
        assert desk.found(bob, "done", **pages) == [threads[6], threads[0]]
    assert desk.found(bob, "unassigned") == [] and desk.found(alice, "mine") == []
    shown = bob.ok(bob.get("/assignments/"))["items"][0]
    assert shown["thread"]["subject"] == "Matter 2" and shown["assignment"]["assignee"]["name"] == "Bob"


def test_what_is_mine_goes_with_the_right(alice: Client, bob: Client, cast: Cast) -> None:
    grant = share(alice, cast.bob, "draft")
    bob.ok(assign(bob, desk.thread(alice), assignee_id=user_id(cast.bob)))
    desk.unshare(alice, grant)
    assert desk.found(bob, "mine") == []
    assert bob.get("/assignments/", view="open", account=cast.alice.account_id).status == 404


def test_a_person_who_is_forgotten_holds_nothing(alice: Client, cast: Cast, move: Move) -> None:
    """Their row goes although a thread names them."""
    from posthouse.ops import departures

    carol = person("Carol", cast.domain)
    share(alice, carol, "write")
    thread = desk.thread(alice)
    alice.ok(assign(alice, thread, assignee_id=user_id(carol)))
    alice.ok(alice.delete(f"/users/{user_id(carol)}/"), 204)
    move(15 * 86_400)
    departures.see_off()
    assert alice.ok(alice.get(f"/threads/{thread}/assignment/"))["assignee"] is None
