"""Answers while somebody is away, through the doors: set by REST, triggered by SMTP and the API, seen outside."""

from __future__ import annotations

import email
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, user_id
from tests.delivery.outside import bytes_of, inbox, outside, smtp, until
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse
from tests.identity.factors import Move, moving_clock

AWAY = {"is_enabled": True, "subject": "Away", "text": "Back on Monday.\nAlice"}


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def world(house: RunningHouse) -> Iterator[Peer]:
    with outside(house, "outside.test") as peer:
        yield peer


@pytest.fixture
def move() -> Iterator[Move]:
    with moving_clock() as moving:
        yield moving


def deliver(house: RunningHouse, *people: Person, sender: str = "zoe@outside.test", **fields: Any) -> None:
    fields.setdefault("to", ", ".join(person.email for person in people))
    with smtp(house) as client:
        client.sendmail(sender, [person.email for person in people], make.message(**fields))


def idle() -> None:
    """Every job is done and everything has left, but what other tests hold back, lease or try again."""
    from posthouse.base import clock, sql

    def look() -> bool:
        now = clock.now_ms()
        waiting = sql.row("SELECT count(*) FROM base_job WHERE kind = 'automatic' AND due_at <= %s", [now])
        leased = sql.row("SELECT count(*) FROM base_job WHERE kind = 'automatic' AND leased_by <> ''")
        sending = sql.row(
            "SELECT count(*) FROM delivery_recipient WHERE state IN ('queued', 'sending')"
            " AND domain NOT LIKE '%%.invalid'",
            [],
        )
        assert waiting and leased and sending
        return not waiting[0] and not leased[0] and not sending[0]

    until(look)


def answers(peer: Peer, cast: Cast) -> list[Any]:
    """Those of this test's people: a clock that moves also sets off what other tests have left in the queue."""
    idle()
    letters = [email.message_from_bytes(bytes_of(raw)) for raw in peer.messages]
    return [letter for letter in letters if f"@{cast.domain}" in letter["From"]]


def recipients(peer: Peer) -> list[bytes]:
    return [line.strip() for line in peer.commands if line.startswith((b"MAIL", b"RCPT"))]


def test_whoever_writes_is_answered_once(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer, move: Move
) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    deliver(house, cast.alice, subject="Lunch?", message_id="lunch@outside.test")
    (answer,) = answers(world, cast)
    assert recipients(world)[0].startswith(b"MAIL FROM:<>") and b"<zoe@outside.test>" in recipients(world)[1]
    assert answer["Auto-Submitted"] == "auto-replied" and answer["Subject"] == "Away"
    assert answer["In-Reply-To"] == answer["References"] == "<lunch@outside.test>"
    assert answer["From"] == f"Alice <{cast.alice.email}>" and answer["To"] == "zoe@outside.test"
    assert answer.get_payload(decode=True).decode() == "Back on Monday.\r\nAlice\r\n"
    deliver(house, cast.alice, subject="And now?")
    deliver(house, cast.alice, subject="Hello", sender="Zoe@Outside.Test")
    assert len(answers(world, cast)) == 1
    deliver(house, cast.alice, sender="yan@outside.test")
    assert len(answers(world, cast)) == 2, "another sender"
    move(7 * 86_400 + 1)
    deliver(house, cast.alice, subject="Still?")
    assert len(answers(world, cast)) == 3, "a week later"


def test_who_writes_through_forwarders_is_answered_once(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    rewritten = "=outside.test=zoe@outside.test"
    deliver(house, cast.alice, sender=f"SRS0=ABCDEFGH=AB{rewritten}")
    assert len(answers(world, cast)) == 1
    for sender in (
        f"SRS0=HGFEDCBA=AC{rewritten}",
        f"SRS1=ABCDEFGH=other.test==HGFEDCBA=AD{rewritten}",
        "Zoe@outside.test",
    ):
        deliver(house, cast.alice, sender=sender)
    assert len(answers(world, cast)) == 1, "whatever address a forwarder gives them that day"


def test_what_comes_round_is_not_answered(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    deliver(house, cast.alice, headers=f"X-Loop: {cast.alice.email}\r\n")
    assert answers(world, cast) == []


def test_without_a_subject_it_names_what_it_answers(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    alice.ok(alice.patch("/vacation/", {"is_enabled": True, "text": "Away"}))
    deliver(house, cast.alice, subject="Grüße")
    (answer,) = answers(world, cast)
    from email.header import decode_header, make_header

    assert str(make_header(decode_header(answer["Subject"]))) == "Auto: Grüße"


@pytest.mark.parametrize(
    ("sender", "fields"),
    [
        ("", {}),
        ("mailer-daemon@outside.test", {}),
        ("no-reply@outside.test", {}),
        ("zoe@outside.test", {"headers": "Auto-Submitted: auto-replied\r\n"}),
        ("zoe@outside.test", {"headers": "Precedence: bulk\r\n"}),
        ("zoe@outside.test", {"headers": "List-Id: <x.outside.test>\r\n"}),
        ("zoe@outside.test", {"headers": "X-Auto-Response-Suppress: All\r\n"}),
        ("zoe@outside.test", {"to": "undisclosed-recipients:;"}),
        ("zoe@outside.test", {"to": "bob@elsewhere.test"}),
    ],
)
def test_what_no_program_may_answer(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer, sender: str, fields: dict[str, Any]
) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    deliver(house, cast.alice, sender=sender, **fields)
    assert answers(world, cast) == []
    deliver(house, cast.alice, sender="yan@outside.test", to=f"x@y.test, Alice <{cast.alice.email.upper()}>")
    assert len(answers(world, cast)) == 1, "but it is on"


def test_one_is_not_answered_by_oneself(house: RunningHouse, cast: Cast, alice: Client, world: Peer) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    deliver(house, cast.alice, sender=f"{cast.alice.email.partition('@')[0]}+x@{cast.domain}")
    idle()
    assert len(inbox(cast.alice)) == 1


def test_two_who_are_away_stop_after_one_answer_each(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    bob = log_in(house, cast.bob)
    for client in (alice, bob):
        client.ok(client.patch("/vacation/", AWAY))
    bob.ok(bob.post("/send/", {"to": [{"email": cast.alice.email}], "subject": "x", "text": "x"}), 202)
    idle()
    (told,) = until(lambda: inbox(cast.bob))
    assert told["Subject"] == "Away" and len(inbox(cast.alice)) == 1


def test_mail_handed_in_by_a_program_is_answered_too(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    with smtp(house, "submission", login=cast.bob) as client:
        raw = make.message(sender=cast.bob.email, to=cast.alice.email)
        client.sendmail(cast.bob.email, [cast.alice.email], raw)
    idle()
    assert [one["Subject"] for one in inbox(cast.bob)] == ["Away"]


def test_it_begins_and_ends_by_itself(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer, move: Move
) -> None:
    from posthouse.base import clock

    now = clock.now_ms()
    times = {"from_at": clock.iso(now + 60_000), "until_at": clock.iso(now + 120_000)}
    assert alice.ok(alice.patch("/vacation/", {**AWAY, **times}))["is_active"] is False
    deliver(house, cast.alice, sender="a@outside.test")
    assert answers(world, cast) == []
    move(70)
    assert alice.get("/vacation/").json["is_active"] is True
    deliver(house, cast.alice, sender="b@outside.test")
    assert len(answers(world, cast)) == 1
    move(70)
    deliver(house, cast.alice, sender="c@outside.test")
    assert len(answers(world, cast)) == 1


def test_off_means_off_and_on_again_answers_anew(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    deliver(house, cast.alice)
    assert len(answers(world, cast)) == 1
    alice.ok(alice.patch("/vacation/", {"is_enabled": False}))
    deliver(house, cast.alice, sender="yan@outside.test")
    assert len(answers(world, cast)) == 1
    alice.ok(alice.patch("/vacation/", {"is_enabled": True}))
    deliver(house, cast.alice)
    assert len(answers(world, cast)) == 2


def test_a_forged_sender_is_not_answered(house: RunningHouse, cast: Cast, alice: Client, world: Peer) -> None:
    """Neither where the domain only watches (its mail comes to the inbox) nor what goes to Junk."""
    from tests.smtpd.checking_door import door, published

    alice.ok(alice.patch("/vacation/", AWAY))
    with published() as dns, door(house, dns) as port:
        import smtplib

        for author in ("ann@watch.example", "ann@bank.example"):
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                raw = make.message(sender=author, to=cast.alice.email)
                client.sendmail("zoe@outside.test", [cast.alice.email], raw)
    assert answers(world, cast) == []
    assert len(inbox(cast.alice)) == 1, "the other one lies in Junk"


def test_who_is_named_as_the_sender_by_others_is_not_written_to(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    """Their domain says where its mail comes from (SPF): the answer would go to somebody who never wrote."""
    import smtplib

    from tests.smtpd.checking_door import door, published

    alice.ok(alice.patch("/vacation/", AWAY))
    with outside(house, "away.example", "evil.example") as peer, published() as dns, door(house, dns) as port:
        for sender in ("zoe@away.example", "yan@evil.example"):
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                raw = make.message(sender=sender, to=cast.alice.email)
                client.sendmail(sender, [cast.alice.email], raw)
        assert [answer["To"] for answer in answers(peer, cast)] == ["yan@evil.example"]
    assert len(inbox(cast.alice)) == 2


def test_what_a_rule_deletes_is_not_answered(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    alice.ok(alice.patch("/vacation/", AWAY))
    condition = {"field": "subject", "op": "is", "value": "offer"}
    junk = str(make.mailbox(cast.alice, "junk"))
    for word, action in (("offer", {"do": "trash"}), ("sale", {"do": "file", "mailbox_id": junk})):
        rule = {"name": word, "conditions": [{**condition, "value": word}], "actions": [action]}
        alice.ok(alice.post("/rules/", rule), 201)
        deliver(house, cast.alice, subject=word)
    assert answers(world, cast) == []


def test_a_job_that_runs_twice_answers_once(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    """As after a crash between the sending and the end of the job, though the sender might be answered again."""
    from posthouse.base import db, sql
    from posthouse.delivery.automatic import jobs

    alice.ok(alice.patch("/vacation/", AWAY))
    deliver(house, cast.alice)
    assert len(answers(world, cast)) == 1
    found = sql.row("SELECT id, blob_id FROM mail_email WHERE account_id = %s", [cast.alice.account_id])
    assert found is not None
    db.run(sql.run, ("DELETE FROM delivery_answered WHERE account_id = %s", [cast.alice.account_id]), {})
    jobs.act(
        email_id=found[0],
        account_id=cast.alice.account_id,
        blob_id=found[1],
        sender="zoe@outside.test",
        is_forged=False,
        is_for_all=True,
        filed_in=None,
    )
    assert len(answers(world, cast)) == 1


def test_an_account_does_not_answer_without_end(
    house: RunningHouse, cast: Cast, alice: Client, world: Peer
) -> None:
    from posthouse.base import clock, db
    from posthouse.delivery.automatic.answering import MOST_A_DAY
    from posthouse.delivery.models import Answered

    alice.ok(alice.patch("/vacation/", AWAY))
    rows = [
        Answered(account_id=cast.alice.account_id, sender=f"{n}@outside.test", at=clock.now())
        for n in range(MOST_A_DAY)
    ]
    db.run(Answered.objects.bulk_create, (rows,), {})
    deliver(house, cast.alice)
    assert answers(world, cast) == []


def test_what_makes_no_sense_is_refused(alice: Client) -> None:
    refused = alice.patch("/vacation/", {"is_enabled": True, "text": " "})
    assert (refused.status, refused.json["code"]) == (400, "bad_vacation")
    times = {"from_at": "2026-12-02T00:00:00Z", "until_at": "2026-12-01T00:00:00Z"}
    refused = alice.patch("/vacation/", times)
    assert refused.json["errors"][0]["pointer"] == "/until_at"
    assert alice.patch("/vacation/", {"html": "x"}).status == 400
    assert alice.get("/vacation/").json["is_enabled"] is False


def test_who_may_read_an_account_sees_it_and_changes_nothing(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    bob = log_in(house, cast.bob)
    grant = {"user_id": user_id(cast.bob), "right": "read"}
    alice.ok(alice.post(f"/accounts/{cast.alice.account_id}/grants/", grant), 201)
    alice.ok(alice.patch("/vacation/", AWAY))
    path = f"/vacation/?account={cast.alice.account_id}"
    assert bob.ok(bob.send("GET", path, None, {}))["text"] == AWAY["text"]
    assert bob.send("PATCH", path, {"text": "x"}, {}).json["code"] == "right_lacking"
