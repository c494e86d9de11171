"""Mail that is passed on is sealed with the key of the domain that does so, when the operator wants it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import dkim as dkimpy
import pytest

from posthouse.wire.auth.results import Result, write
from tests.api.client import Client
from tests.base.fake_dns import FakeDns
from tests.cast import Cast
from tests.delivery.outside import bytes_of
from tests.delivery.test_forwarding import away, forward
from tests.delivery.test_signing import alice, dns, key_records, publish
from tests.delivery.test_vacation import idle
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse
from tests.wire.auth.test_arc import chain
from tests.wire.auth.test_dkim import MAIL, RSA

__all__ = ["alice", "away", "dns"]

HOST = "mail.posthouse.test"
RECEIVED = b"Received: from a.test by mail.posthouse.test; Fri, 27 Nov 2026 10:00:00 +0000\r\n"


@pytest.fixture
def sealing(house: RunningHouse) -> Iterator[None]:
    from posthouse.delivery import setup

    before = setup.current()
    setup._setup = replace(before, seals_arc=True)
    yield
    setup._setup = before


def stored(content: bytes, *, arc: str = "none") -> bytes:
    found = [Result(method="dmarc", result="pass", properties=(("header.from", "bank.example"),))]
    found += [Result(method="arc", result=arc)] if arc != "none" else []
    return b"Return-Path: <ann@bank.example>\r\n" + write(HOST, found) + RECEIVED + content


def sealed(house: RunningHouse, cast: Cast, content: bytes, *, kept: bytes) -> bytes:
    from posthouse.delivery.domains import sealing

    return bytes(house.call(sealing.seals(content, stored=kept, domain=cast.domain))) + content


def dkimpy_says(content: bytes, records: dict[str, str]) -> bytes:
    def look_up(name: bytes, timeout: int = 5) -> bytes:
        return records.get(name.decode().rstrip("."), RSA.record).encode()

    return bytes(dkimpy.arc_verify(content, dnsfunc=look_up)[0])


def made(client: Client, server: FakeDns) -> dict[str, str]:
    """New keys, published."""
    records = key_records(client)
    publish(server, records)
    return records


@pytest.mark.usefixtures("sealing")
@pytest.mark.parametrize("count", [0, 1])
def test_a_seal_that_others_hold_for_whole(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns, count: int
) -> None:
    records = made(alice, dns)
    content = sealed(house, cast, chain(count), kept=stored(chain(count), arc="pass" if count else "none"))
    assert content.startswith(b"ARC-Seal: i=%d; a=rsa-sha256;" % (count + 1))
    assert b"dmarc=pass header.from=bank.example" in b" ".join(content.split())
    assert dkimpy_says(content, records) == b"pass"


@pytest.mark.usefixtures("sealing")
def test_what_was_not_checked_or_has_no_key_is_not_sealed(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns
) -> None:
    assert sealed(house, cast, MAIL, kept=stored(MAIL)) == MAIL, "no key yet"
    made(alice, dns)
    assert sealed(house, cast, MAIL, kept=b"Return-Path: <a@b.test>\r\n" + RECEIVED + MAIL) == MAIL
    forged = (
        b"Return-Path: <a@b.test>\r\n"
        + RECEIVED
        + write(HOST, [Result(method="dmarc", result="pass")])
        + MAIL
    )
    assert sealed(house, cast, MAIL, kept=forged) == MAIL, "a header below Received is a stranger's"
    assert sealed(house, cast, MAIL, kept=stored(MAIL)) != MAIL


@pytest.mark.usefixtures("sealing")
def test_what_an_account_forwards_is_sealed(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns, away: Peer
) -> None:
    from posthouse.delivery.receiving import accepting
    from posthouse.mail import storing

    records = made(alice, dns)
    forward(alice, away)
    raw = stored(MAIL)
    accounts = accepting.local_accounts([cast.alice.email])
    accepting.accept(storing.prepare(raw), accounts, raw=raw, sender="ann@bank.example")
    idle()
    (gone,) = map(bytes_of, away.messages)
    assert gone.endswith(MAIL) and b"\r\nARC-Seal: i=1; a=rsa-sha256;" in gone
    assert dkimpy_says(gone, records) == b"pass"


def test_it_is_off_by_default(house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns) -> None:
    made(alice, dns)
    assert sealed(house, cast, MAIL, kept=stored(MAIL)) == MAIL
