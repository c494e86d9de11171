"""How much may be sent, and what is held when an account sends like a stolen one."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from posthouse.delivery.limits.suspicion import Sums, reason_to_stop
from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, person, user_id
from tests.delivery.outside import inbox, outside, send, settled, smtp, until
from tests.house import RunningHouse


def limit(house: RunningHouse, cast: Cast, **figures: Any) -> Client:
    alice = log_in(house, cast.alice)
    alice.ok(alice.patch("/sending/limits/", figures))
    return alice


def mail_to(client: Client, *to: str) -> Any:
    return client.post("/send/", {"to": [{"email": one} for one in to], "subject": "x", "text": "x"})


def crowd(count: int, domain: str, *, start: int = 0) -> list[str]:
    return [f"p{n}@{domain}" for n in range(start, start + count)]


def states(account: Person) -> dict[str, int]:
    from posthouse.base import sql

    return {
        row[0]: row[1]
        for row in sql.rows(
            "SELECT r.state, count(*) FROM delivery_recipient r JOIN delivery_submission s ON s.id = r.submission_id"
            " WHERE s.account_id = %s GROUP BY r.state",
            [account.account_id],
        )
    }


# --- limits -----------------------------------------------------------------------------------------


def test_a_day_has_so_many_mails_through_whichever_door(house: RunningHouse, cast: Cast) -> None:
    alice = limit(house, cast, messages=2)
    with outside(house, "there.test") as peer:
        alice.ok(mail_to(alice, "zoe@there.test"), 202)
        with smtp(house, "submission", login=cast.alice) as client:
            client.sendmail(cast.alice.email, ["zoe@there.test"], make.message(sender=cast.alice.email))
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.sendmail(cast.alice.email, ["zoe@there.test"], make.message(sender=cast.alice.email))
        answer = mail_to(alice, "zoe@there.test")
        until(lambda: states(cast.alice) == {"delivered": 2})
    assert refused.value.smtp_code == 452 and b"4.7.1" in bytes(refused.value.smtp_error)
    assert (answer.status, answer.json["code"]) == (429, "sending_limit")
    assert len(peer.messages) == 2
    bob = log_in(house, cast.bob)
    bob.ok(mail_to(bob, "zoe@there.test"), 202)


def test_a_refused_mail_leaves_nothing(house: RunningHouse, cast: Cast) -> None:
    alice = limit(house, cast, messages=0)
    assert mail_to(alice, "zoe@there.test").status == 429
    assert states(cast.alice) == {}
    assert alice.get("/emails/", mailbox=make.mailbox(cast.alice, "sent")).json["items"] == []


def test_an_organisation_has_its_own_figure(house: RunningHouse, cast: Cast) -> None:
    alice = limit(house, cast, all_messages=1)
    alice.ok(mail_to(alice, cast.bob.email), 202)
    bob = log_in(house, cast.bob)
    assert mail_to(bob, cast.alice.email).status == 429
    mallory = log_in(house, cast.mallory)
    mallory.ok(mail_to(mallory, "x@there.test"), 202)


def test_only_people_outside_that_were_never_written_to_are_new(house: RunningHouse, cast: Cast) -> None:
    alice = limit(house, cast, new_recipients=2)
    with outside(house, "there.test"):
        alice.ok(mail_to(alice, "one@there.test", "two@there.test", cast.bob.email), 202)
        alice.ok(mail_to(alice, "ONE@there.test", "two@there.test"), 202)
        answer = mail_to(alice, "one@there.test", "three@there.test")
    assert (answer.status, answer.json["code"]) == (429, "sending_limit")
    seen = alice.get("/sending/limits/").json
    assert (seen["used_messages"], seen["used_new_recipients"]) == (2, 2)


def test_limits_are_the_administrators(house: RunningHouse, cast: Cast) -> None:
    bob = log_in(house, cast.bob)
    assert bob.get("/sending/limits/").status == 403
    assert bob.patch("/sending/limits/", {"messages": 9}).status == 403
    alice = limit(house, cast, messages=9)
    assert alice.patch("/sending/limits/", {"messages": -1}).status == 400
    (line,) = alice.get("/audit/", act="sending.limits_changed").json["items"]
    assert line["facts"] == {"messages": 9}


# --- the stop ---------------------------------------------------------------------------------------


def stopped(house: RunningHouse, cast: Cast, who: Person) -> tuple[Client, dict[str, Any]]:
    """Somebody who wrote to 101 new people at once, with their client and their stop."""
    client = log_in(house, who)
    client.ok(mail_to(client, *crowd(60, "there.test")), 202)
    client.ok(mail_to(client, *crowd(41, "there.test", start=60)), 202)
    (stop,) = [one for one in client.get("/sending/stops/").json["items"] if one["email"] == who.email]
    return client, stop


def test_a_sudden_crowd_of_new_recipients_is_held_and_told(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "there.test") as peer:
        bob, stop = stopped(house, cast, cast.bob)
        with smtp(house, "submission", login=cast.bob) as client:
            client.sendmail(cast.bob.email, ["late@there.test"], make.message(sender=cast.bob.email))
        until(lambda: "sending" not in states(cast.bob) and "queued" not in states(cast.bob))
        until(lambda: len(inbox(cast.bob)) == 1 and len(inbox(cast.alice)) == 1)
    assert (stop["reason"], stop["new_recipients"], stop["ended_at"]) == ("many_new", 101, None)
    assert states(cast.bob)["held"] >= 42
    assert states(cast.bob)["held"] + states(cast.bob).get("delivered", 0) == 102
    assert len(peer.messages) <= 1, "the crowd of the second mail has got nothing"
    for told in (inbox(cast.bob), inbox(cast.alice)):
        assert told[0]["Subject"] == "Sending was stopped"
        assert cast.bob.email in told[0].get_content()
    assert bob.get("/audit/", act="sending.stopped").json["items"][0]["facts"]["reason"] == "many_new"


def test_what_was_held_goes_when_it_is_let_go(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "there.test") as peer:
        _, stop = stopped(house, cast, cast.bob)
        held = states(cast.bob)["held"]
        alice = log_in(house, cast.alice)
        (seen,) = alice.get("/sending/stops/").json["items"]
        assert (seen["id"], seen["held"]) == (stop["id"], held)
        assert alice.ok(alice.post(f"/sending/stops/{stop['id']}/release/")) == {"recipients": held}
        until(lambda: states(cast.bob) == {"delivered": 101})
        assert alice.post(f"/sending/stops/{stop['id']}/discard/").json["code"] == "stop_ended"
        assert alice.get("/audit/", act="sending.released").json["items"][0]["facts"] == {"recipients": held}
    got = sorted(line for line in peer.commands if line.startswith(b"RCPT"))
    assert len(got) == len(set(got)) == 101


def test_what_is_discarded_is_never_sent(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "there.test") as peer:
        bob, stop = stopped(house, cast, cast.bob)
        until(lambda: "sending" not in states(cast.bob))
        held = states(cast.bob)["held"]
        assert bob.ok(bob.post(f"/sending/stops/{stop['id']}/discard/")) == {"recipients": held}
        bob.ok(mail_to(bob, "p1@there.test"), 202)
        until(lambda: states(cast.bob).get("delivered", 0) == 102 - held)
    assert states(cast.bob)["cancelled"] == held
    assert bob.get("/audit/", act="sending.discarded").json["items"][0]["facts"] == {"recipients": held}
    assert not any(b"<p100@there.test>" in line for line in peer.commands)
    assert bob.get("/submissions/", state="active").json["items"] == []


def test_a_stop_is_decided_by_its_person_with_a_proof_or_by_an_administrator(
    house: RunningHouse, cast: Cast
) -> None:
    from posthouse.base import db, sql

    with outside(house, "there.test"):
        bob, stop = stopped(house, cast, cast.bob)
        path = f"/sending/stops/{stop['id']}/release/"
        db.run(
            sql.run,
            ("UPDATE identity_session SET proved_at = NULL WHERE user_id = %s", [user_id(cast.bob)]),
            {},
        )
        assert bob.post(path).json["code"] == "step_up_required"
        nowhere = log_in(house, cast.mallory).post("/sending/stops/58769341962780000/release/")
        assert log_in(house, cast.mallory).post(path).json["code"] == nowhere.json["code"] == "not_found"
        carol = log_in(house, person("Carol", cast.domain))
        assert carol.post(path).status == 404
        assert carol.get("/sending/stops/").json["items"] == []
    assert states(cast.bob)["held"] >= 41


def test_many_returned_mails_stop_too(house: RunningHouse, cast: Cast) -> None:
    with outside(house, "never.test", replies={"RCPT": b"550 5.1.1 nobody"}):
        settled(send(cast.bob, *crowd(20, "never.test")).submission_id)
        after = send(cast.bob, "p1@never.test")
        (stop,) = log_in(house, cast.bob).get("/sending/stops/").json["items"]
    assert (stop["reason"], stop["failures"]) == ("many_failures", 20)
    assert states(cast.bob) == {"failed": 20, "held": 1}
    assert after.hold_until_ms is None


def test_after_a_log_in_at_a_new_place_fewer_are_sudden(house: RunningHouse, cast: Cast) -> None:
    from posthouse.identity import devices
    from posthouse.identity.devices import Seen

    actor = cast.bob.actor
    devices.note(actor, Seen(via="http", ip="192.0.2.1", client="Firefox"))
    devices.note(actor, Seen(via="http", ip="203.0.113.9", client="curl"))
    with outside(house, "there.test"):
        send(cast.bob, *crowd(31, "there.test"))
        (stop,) = log_in(house, cast.bob).get("/sending/stops/").json["items"]
    assert stop["reason"] == "new_place"
    assert states(cast.bob) == {"held": 31}


def test_who_does_not_want_it_is_not_watched(house: RunningHouse, cast: Cast) -> None:
    limit(house, cast, is_watched=False)
    with outside(house, "there.test"):
        settled(send(cast.bob, *crowd(101, "there.test")).submission_id)
    assert states(cast.bob) == {"delivered": 101}


@pytest.mark.parametrize(
    ("hour", "day", "busiest_day", "is_new", "reason"),
    [
        (Sums(1, 100, 0, 0), Sums(1, 100, 0, 0), 0, False, None),
        (Sums(1, 101, 0, 0), Sums(1, 101, 0, 0), 0, False, "many_new"),
        (Sums(1, 101, 0, 0), Sums(1, 101, 0, 0), 51, False, None),
        (Sums(1, 30, 0, 0), Sums(1, 30, 0, 0), 0, True, None),
        (Sums(1, 31, 0, 0), Sums(1, 31, 0, 0), 0, True, "new_place"),
        (Sums(1, 31, 0, 0), Sums(1, 31, 0, 0), 31, True, None),
        (Sums(), Sums(messages=60, failures=20), 0, False, "many_failures"),
        (Sums(), Sums(messages=61, failures=20), 0, False, None),
        (Sums(), Sums(messages=1, failures=19), 0, False, None),
        (Sums(), Sums(messages=900, complaints=5), 0, False, "complaints"),
        (Sums(), Sums(messages=900, complaints=4), 0, False, None),
    ],
)
def test_what_looks_like_a_thief(
    hour: Sums, day: Sums, busiest_day: int, is_new: bool, reason: str | None
) -> None:
    assert reason_to_stop(hour, day, busiest_day=busiest_day, is_at_new_place=is_new) == reason
