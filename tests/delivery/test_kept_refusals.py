"""What was refused as junk or as forged lies in Junk all the same: found, told for what it is, and released."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person
from tests.delivery.outside import set_quota, until
from tests.delivery.test_junk import junk_of, learnt, move, settled
from tests.delivery.test_rules import only, subjects
from tests.house import RunningHouse
from tests.smtpd.checking_door import MAIL, door, hand_in, published

SENDER = "bulk@offers.example"
REFUSED = "It was refused, and its sender told so. It lies here in case that was a mistake."
KEPT = b"; it lies with their junk mail"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    """Her organisation refuses what she blocks."""
    client = log_in(house, cast.alice)
    client.ok(client.patch("/junk/organisation/", {"refuse_at": 50}))
    client.ok(client.post("/junk/organisation/senders/", {"value": SENDER, "list": "block"}), 201)
    return client


@contextmanager
def mx(house: RunningHouse, *, is_lmtp: bool = False, **given: Any) -> Iterator[int]:
    from posthouse.smtpd.mx import Mx
    from posthouse.smtpd.server import SmtpServer
    from posthouse.smtpd.settings import Settings
    from posthouse.smtpd.turned_away import TurnedAway
    from posthouse.wire.budget import Budget
    from posthouse.wire.smtp.envelope import Service

    def make_door() -> SmtpServer:
        settings = Settings(service=Service.LMTP if is_lmtp else Service.MX, hostname="mail.posthouse.test")
        answers = Mx(hostname=settings.hostname, **given)
        handler = answers.lmtp_handler() if is_lmtp else answers.handler()
        turned_away = TurnedAway(flush_seconds=0.1)
        return SmtpServer(settings, handler, budget=Budget(10**8), turned_away=turned_away)

    with house.one_more_door(make_door) as port:
        yield port


def refused_by(port: int, *people: Person, subject: str = "Offer") -> bytes:
    raw = make.message(sender=f"Bulk <{SENDER}>", subject=subject)
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(SENDER, [person.email for person in people], raw)
    assert refused.value.smtp_code == 550
    said: bytes = refused.value.smtp_error
    return said


def test_it_is_found_in_junk_and_released_once(house: RunningHouse, cast: Cast, alice: Client) -> None:
    with mx(house) as port:
        assert refused_by(port, cast.alice, cast.bob).endswith(KEPT)
        (row,) = until(lambda: alice.ok(alice.get("/refusals/", q=cast.bob.email))["items"])
        assert row["answer"].endswith(KEPT.decode())
    email = only(alice, junk_of(cast.alice))
    assert (email["subject"], email["spam"]["verdict"]) == ("Offer", "junk")
    assert email["spam"]["signals"][0] == {"name": "refused", "weight": 0.0, "words": REFUSED}
    assert "blocked" in {one["name"] for one in email["spam"]["signals"]}
    settled(cast.alice)
    assert learnt(alice) == (0, 0), "what the filter itself did teaches it nothing"

    move(alice, email["id"], make.mailbox(cast.alice, "inbox"))
    settled(cast.alice)
    assert learnt(alice) == (1, 0)
    assert (subjects(alice, make.mailbox(cast.alice, "inbox")), subjects(alice, junk_of(cast.alice))) == (
        ["Offer"],
        [],
    )
    bob = log_in(house, cast.bob)
    assert subjects(bob, junk_of(cast.bob)) == ["Offer"], "what she releases is hers"


def test_no_rule_answer_or_forward_sees_it(house: RunningHouse, cast: Cast, alice: Client) -> None:
    from tests.delivery.test_rules import add

    add(alice, {"do": "star"}, conditions=[{"field": "from", "op": "contains", "value": "bulk"}])
    alice.ok(alice.patch("/vacation/", {"is_enabled": True, "text": "Away"}))
    with mx(house) as port:
        refused_by(port, cast.alice)
    assert not only(alice, junk_of(cast.alice))["is_flagged"]
    assert alice.ok(alice.get("/queue/"))["items"] == []


def test_it_is_refused_also_where_there_is_no_room_for_it(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    with mx(house) as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        client.mail(SENDER)
        client.rcpt(cast.alice.email)
        set_quota(cast.alice, 0)
        code, said = client.data(make.message(sender=SENDER))
    assert (code, KEPT in said) == (550, False)
    assert subjects(alice, junk_of(cast.alice)) == []


def test_the_operator_may_have_it_thrown_away(house: RunningHouse, cast: Cast, alice: Client) -> None:
    with mx(house, keeps_refused=False) as port:
        assert refused_by(port, cast.alice) == b"5.7.1 This looks like junk to those it is for."
    assert subjects(alice, junk_of(cast.alice)) == []


def test_a_server_in_front_is_refused_for_each_and_it_is_kept_once(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    with mx(house, is_lmtp=True) as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo_or_helo_if_needed()
        client.mail(SENDER)
        for person in (cast.alice, cast.bob):
            assert client.rcpt(person.email)[0] == 250
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(make.message(sender=SENDER, subject="Offer") + b"\r\n.\r\n")
        assert [client.getreply()[0] for _ in range(2)] == [550, 550]
    bob = log_in(house, cast.bob)
    assert subjects(alice, junk_of(cast.alice)) == subjects(bob, junk_of(cast.bob)) == ["Offer"]


@pytest.mark.parametrize("keeps", [True, False])
def test_forged_mail_that_is_refused(house: RunningHouse, cast: Cast, alice: Client, *, keeps: bool) -> None:
    from posthouse.smtpd.senders import Obey

    with published() as dns, door(house, dns, keeps_refused=keeps, obey=Obey.ENFORCE) as port:
        said = hand_in(port, cast.alice, MAIL, sender="eve@evil.example")
    assert said.startswith(b"550 5.7.26 bank.example asks to refuse mail that it did not send (DMARC)")
    assert said.endswith(KEPT) is keeps
    if not keeps:
        assert subjects(alice, junk_of(cast.alice)) == []
        return
    email = only(alice, junk_of(cast.alice))
    assert [one["words"] for one in email["spam"]["signals"]] == [REFUSED]
    assert email["authentication"]["verdict"] == "failed"
