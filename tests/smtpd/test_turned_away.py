"""Mail that was turned away can be found by whom it was for, for a month, and a flood of it is bounded."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from posthouse.base import clock
from posthouse.wire.smtp.limits import Limits
from tests.api.client import log_in
from tests.cast import Cast, Person
from tests.delivery.outside import until
from tests.house import RunningHouse


@contextmanager
def door(house: RunningHouse, **limits: int) -> Iterator[int]:
    from posthouse.smtpd.mx import Mx
    from posthouse.smtpd.server import SmtpServer
    from posthouse.smtpd.settings import Settings
    from posthouse.smtpd.turned_away import TurnedAway
    from posthouse.wire.budget import Budget
    from posthouse.wire.smtp.envelope import Service

    def make() -> SmtpServer:
        settings = Settings(
            service=Service.MX, hostname="mail.posthouse.test", limits=Limits(refusals=10_000, **limits)
        )
        handler = Mx(hostname=settings.hostname).handler()
        return SmtpServer(settings, handler, budget=Budget(10**8), turned_away=TurnedAway(flush_seconds=0.2))

    with house.one_more_door(make) as port:
        yield port


@contextmanager
def stranger(port: int, sender: str = "ann@else.test") -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo("mx.else.test")
        client.mail(sender)
        yield client


@pytest.fixture
def later() -> Iterator[Any]:
    def move(days: int) -> None:
        clock.set_source(lambda: time.time() + days * 86_400)

    yield move
    clock.set_source(None)


def refused(house: RunningHouse, person: Person, **asked: Any) -> Any:
    client = log_in(house, person)
    return client.ok(client.get("/refusals/", **asked))


def told(page: Any) -> list[tuple[str, str, str, int]]:
    return [(one["sender"], one["recipient"], one["code"], one["times"]) for one in page["items"]]


def test_who_runs_the_organisation_finds_what_was_refused_and_why(house: RunningHouse, cast: Cast) -> None:
    with door(house, message_bytes=1000) as port:
        with stranger(port) as client:
            client.rcpt(f"alise@{cast.domain}")
            client.rcpt(f"alise@{cast.domain}")
            client.rcpt(cast.alice.email)
            client.rcpt("eve@elsewhere.test")
            client.rcpt(f"x%elsewhere.test@{cast.domain}")
            assert client.data(b"Subject: far too long\r\n\r\n" + b"x\r\n" * 1000)[0] == 552
        with stranger(port, sender="") as client:
            client.rcpt(f"nobody@{cast.mallory.email.rpartition('@')[2]}")
    until(lambda: len(refused(house, cast.alice)["items"]) == 3)
    page = refused(house, cast.alice)
    assert told(page) == [
        ("ann@else.test", cast.alice.email, "552 5.3.4", 1),
        ("ann@else.test", f"x%elsewhere.test@{cast.domain}", "550 5.7.1", 1),
        ("ann@else.test", f"alise@{cast.domain}", "550 5.1.1", 2),
    ]
    one = page["items"][-1]
    assert (one["door"], one["peer"], one["helo"]) == ("mx", "127.0.0.1", "mx.else.test")
    assert one["answer"] == "No such person here"
    assert [sender for sender, *_ in told(refused(house, cast.mallory))] == [""]


def test_pages_and_filters(house: RunningHouse, cast: Cast) -> None:
    with door(house) as port, stranger(port) as client:
        for number in range(5):
            client.rcpt(f"no{number}@{cast.domain}")
    until(lambda: len(refused(house, cast.alice)["items"]) == 5)
    names = [recipient.partition("@")[0] for _, recipient, _, _ in told(refused(house, cast.alice))]
    assert names == ["no4", "no3", "no2", "no1", "no0"]
    first = refused(house, cast.alice, limit=3)
    rest = refused(house, cast.alice, limit=3, cursor=first["next"])
    assert [row[1].partition("@")[0] for row in told(first) + told(rest)] == names
    assert rest["next"] is None
    assert len(told(refused(house, cast.alice, q="NO3"))) == 1
    assert told(refused(house, cast.alice, q="%")) == []
    assert len(told(refused(house, cast.alice, q="127.0.0"))) == 5
    now = clock.iso(clock.now_ms())
    assert told(refused(house, cast.alice, **{"from": now})) == []
    assert len(told(refused(house, cast.alice, to=now))) == 5


def test_who_does_not_run_it_finds_nothing(house: RunningHouse, cast: Cast) -> None:
    assert log_in(house, cast.bob).get("/refusals/").status == 403
    with door(house) as port, stranger(port) as client:
        for number in range(2):
            client.rcpt(f"no{number}@{cast.domain}")
    until(lambda: len(refused(house, cast.alice)["items"]) == 2)
    cursor = refused(house, cast.alice, limit=1)["next"]
    assert log_in(house, cast.mallory).get("/refusals/", cursor=cursor).json["code"] == "invalid_cursor"


def test_a_flood_costs_a_bounded_number_of_rows(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.smtpd.turned_away import MOST_NOTED, TurnedAway, unnoted
    from posthouse.wire.smtp import reply as say
    from posthouse.wire.smtp.address import Mailbox
    from posthouse.wire.smtp.envelope import Peer, Service
    from posthouse.wire.smtp.events import Turned

    peer = Peer(ip="192.0.2.1", port=1, service=Service.MX, helo="flood.test")
    before = sum(numbers[0] for numbers in unnoted.numbers().values())

    async def flood() -> None:
        turned_away = TurnedAway(flush_seconds=60)
        for number in range(MOST_NOTED + 300):
            to = (Mailbox(f"flood{number}", cast.domain),)
            turned_away.note(peer, Turned(None, to, say.NO_SUCH_PERSON))
            turned_away.note(peer, Turned(None, to[:1], say.NO_SUCH_PERSON))
        await turned_away.flush()

    house.call(flood())
    rows = sql.rows("SELECT times FROM delivery_refusal WHERE recipient LIKE %s", [f"flood%@{cast.domain}"])
    assert rows == [(2,)] * MOST_NOTED
    assert sum(numbers[0] for numbers in unnoted.numbers().values()) - before == 600


def test_it_is_kept_for_a_month(house: RunningHouse, cast: Cast, later: Any) -> None:
    from posthouse.delivery.receiving import refusals

    with door(house) as port, stranger(port) as client:
        client.rcpt(f"alise@{cast.domain}")
    until(lambda: refused(house, cast.alice)["items"])
    later(29)
    refusals.forget_old()
    assert refused_rows(cast) == 1
    later(31)
    refusals.forget_old()
    assert refused_rows(cast) == 0


def refused_rows(cast: Cast) -> int:
    from posthouse.base import sql

    found = sql.row("SELECT count(*) FROM delivery_refusal WHERE recipient LIKE %s", [f"%@{cast.domain}"])
    return 0 if found is None else int(found[0])
