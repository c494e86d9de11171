"""What was missed, as letters: when one chose, where one chose, once, and ended by one click."""

from __future__ import annotations

import email
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, user_id
from tests.house import RunningHouse
from tests.identity.factors import Move, moving_clock
from tests.push_service import until

SETTINGS = "/notifications/settings/"


@pytest.fixture
def move() -> Iterator[Move]:
    with moving_clock() as moved:
        yield moved


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def mention(person: Person, *, title: str = "Bob in #tea") -> None:
    """As a conversation will tell it."""
    from posthouse.base import db
    from posthouse.base.ids import new_id
    from posthouse.notifications import telling
    from posthouse.notifications.deciding import MESSAGE, Facts

    occasion = telling.Occasion(
        user_ids=[int(user_id(person))],
        facts=Facts(kind=MESSAGE),
        key=f"message:{new_id()}",
        title=title,
        body="Tea?",
    )
    db.action(lambda: telling.keep(telling.weigh([occasion])))()


def write() -> None:
    from posthouse.notifications import letters

    letters.write_due()


def letters_in(person: Person, subject: str) -> list[Any]:
    """Those of the house in an inbox; read from the store, since log-ins are over once the clock has moved."""
    from posthouse.base import sql
    from posthouse.mail import by_uid

    found = "SELECT id FROM mail_email WHERE account_id = %s AND subject LIKE %s ORDER BY id"
    ids = [row[0] for row in sql.rows(found, [person.account_id, f"{subject}%"])]
    raw = by_uid.raw_of(ids)
    return [email.message_from_bytes(raw[one]) for one in ids]


def again(house: RunningHouse, person: Person) -> Client:
    """Logged in at the time it is now."""
    return log_in(house, person)


def test_a_mention_that_nobody_read_becomes_one_letter(cast: Cast, alice: Client, move: Move) -> None:
    mention(cast.alice)
    mention(cast.alice, title="Carol in #tea")
    write()
    assert letters_in(cast.alice, "You missed") == [], "not yet"
    move(16 * 60)
    write()
    write()
    (letter,) = letters_in(cast.alice, "You missed 2 things")
    text = letter.get_payload(decode=True).decode()
    assert "Bob in #tea" in text and "Carol in #tea" in text and "Tea?" in text
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Return-Path"] in (None, "<>")


def test_what_was_read_is_not_written(cast: Cast, alice: Client, move: Move) -> None:
    mention(cast.alice)
    alice.ok(alice.post("/notifications/mark_all_read/", {}))
    move(16 * 60)
    write()
    assert letters_in(cast.alice, "You missed") == []


def test_mail_is_never_told_by_mail_in_the_same_mailbox(cast: Cast, alice: Client, move: Move) -> None:
    alice.ok(alice.patch(SETTINGS, {"mail_letter_minutes": 5}))
    assert alice.get("/users/me/").json["notifications"]["by_email"] is True
    make.email(cast.alice)
    until(lambda: alice.get("/notifications/").json["items"])
    move(6 * 60)
    write()
    assert letters_in(cast.alice, "You missed") == []


def test_a_letter_makes_no_notification(house: RunningHouse, cast: Cast, alice: Client, move: Move) -> None:
    """Not even where one wants to hear of everything: that would go round for good."""
    alice.ok(
        alice.post(
            "/notifications/rules/",
            {"source": "account", "value": str(cast.alice.account_id), "level": "push"},
        ),
        201,
    )
    mention(cast.alice)
    move(16 * 60)
    write()
    assert len(letters_in(cast.alice, "You missed something")) == 1
    make.email(cast.alice, sender="after@outside.test")
    alice = again(house, cast.alice)
    until(
        lambda: [
            one for one in alice.get("/notifications/").json["items"] if one["title"] == "after@outside.test"
        ]
    )
    assert [one["kind"] for one in alice.get("/notifications/").json["items"]] == ["mail", "message"]


def test_one_click_ends_them(house: RunningHouse, cast: Cast, alice: Client, move: Move) -> None:
    mention(cast.alice)
    move(16 * 60)
    write()
    (letter,) = letters_in(cast.alice, "You missed")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = "".join(letter["List-Unsubscribe"].split()).strip("<>").partition("/api/v1")[2]
    anyone, alice = Client(house.http), again(house, cast.alice)
    assert b"Stop them" in anyone.get(link).body
    assert alice.get(SETTINGS).json["message_letter_minutes"] == 15, "opening it changes nothing"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert anyone.request("POST", link, body=b"List-Unsubscribe=One-Click", headers=form).status == 200
    assert alice.get(SETTINGS).json["message_letter_minutes"] is None
    bad = anyone.get(link[:-4] + "AAAA")
    assert (bad.status, bad.json["code"]) == (403, "invalid_link")
    mention(cast.alice)
    move(16 * 60)
    write()
    assert len(letters_in(cast.alice, "You missed")) == 1


def test_a_digest_once_a_day(cast: Cast, alice: Client, move: Move) -> None:
    alice.ok(alice.patch(SETTINGS, {"digest_at": "08:00", "message_letter_minutes": None}))
    mention(cast.alice)
    write()
    assert letters_in(cast.alice, "Your day") == []
    move(24 * 3600)
    mention(cast.alice)
    write()
    write()
    assert len(letters_in(cast.alice, "Your day: ")) == 1


def test_letters_outside_need_a_proved_address(cast: Cast, alice: Client) -> None:
    refused = alice.patch(SETTINGS, {"letters_to": "recovery"})
    assert (refused.status, refused.json["code"]) == (400, "no_recovery_address")
    assert alice.get(SETTINGS).json["letters_to"] == "own"


def test_what_one_chose_is_one_thing_by_both_ways(alice: Client) -> None:
    alice.ok(alice.patch("/users/me/", {"notifications": {"quiet_from": "22:00", "quiet_to": "07:00"}}))
    found = alice.ok(alice.get(SETTINGS))
    assert found["quiet_hours"] == [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "22:00", "to": "07:00"}]
    nights = [{"days": [4, 0], "from": "20:00", "to": "06:00"}]
    alice.ok(alice.patch(SETTINGS, {"quiet_hours": nights, "new_mail": "all"}))
    assert alice.get(SETTINGS).json["quiet_hours"] == [{"days": [0, 4], "from": "20:00", "to": "06:00"}]
    mine = alice.get("/users/me/").json["notifications"]
    assert (mine["quiet_from"], mine["quiet_to"], mine["new_mail"]) == (None, None, "all")


@pytest.mark.parametrize(
    "body",
    [
        {"quiet_hours": [{"days": [7], "from": "20:00", "to": "06:00"}]},
        {"quiet_hours": [{"days": [], "from": "20:00", "to": "06:00"}]},
        {"quiet_hours": [{"days": [1], "from": "24:00", "to": "06:00"}]},
        {"quiet_hours": [{"days": [1], "from": "20:00", "to": "06:00"}] * 15},
        {"digest_at": "8:00"},
        {"mail_letter_minutes": 0},
        {"dnd_until": "soon"},
        {"nothing": 1},
    ],
)
def test_settings_that_make_no_sense_are_refused(alice: Client, body: dict[str, Any]) -> None:
    assert alice.patch(SETTINGS, body).status == 400


@pytest.mark.parametrize(
    "rule",
    [
        {"source": "mailbox", "value": "inbox", "level": "push"},
        {"source": "person", "value": "x@y.test", "level": "named"},
        {"source": "person", "value": "  ", "level": "push"},
        {"source": "moon", "value": "x", "level": "push"},
        {"source": "person", "value": "x", "level": "shout"},
    ],
)
def test_rules_that_make_no_sense_are_refused(alice: Client, rule: dict[str, str]) -> None:
    assert alice.post("/notifications/rules/", rule).status == 400


def test_a_rule_about_the_same_is_changed(alice: Client) -> None:
    rule = {"source": "keyword", "value": "Plan", "level": "push"}
    first = alice.ok(alice.post("/notifications/rules/", rule), 201)
    second = alice.ok(
        alice.post("/notifications/rules/", {**rule, "value": " plan ", "level": "urgent"}), 201
    )
    assert (first["id"], second["level"], second["value"]) == (second["id"], "urgent", "plan")
    assert len(alice.get("/notifications/rules/").json["items"]) == 1


def test_old_things_go(cast: Cast, alice: Client, move: Move) -> None:
    from posthouse.base import sql
    from posthouse.notifications import jobs

    mention(cast.alice)
    me = int(user_id(cast.alice))
    left = "SELECT (SELECT count(*) FROM notifications_decision WHERE user_id = %s), count(*)"
    left += " FROM notifications_notification WHERE user_id = %s"
    jobs.sweep()
    assert sql.row(left, [me, me]) == (1, 1)
    move(20 * 86_400)
    jobs.sweep()
    assert sql.row(left, [me, me]) == (0, 1)
    move(80 * 86_400)
    jobs.sweep()
    assert sql.row(left, [me, me]) == (0, 0)
