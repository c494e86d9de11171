"""What we report to other domains: what the door judged goes once to who asks for it, and to nobody else."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage

import pytest

from posthouse.wire.auth.dmarc_report import Aggregate
from tests.api.client import log_in
from tests.base.fake_dns import SILENCE, FakeDns
from tests.cast import Cast
from tests.delivery.outside import bytes_of, outside, until
from tests.delivery.test_signing import dns, is_verified, key_records, publish
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse
from tests.identity.factors import Move, moving_clock
from tests.smtpd.checking_door import MAIL, door, hand_in, strings
from tests.wire.auth.test_dkim import RSA, by_hand

__all__ = ["dns"]

DAY = 86_400


@pytest.fixture
def move() -> Iterator[Move]:
    with moving_clock() as moved:
        yield moved


@pytest.fixture
def bank(dns: FakeDns) -> FakeDns:
    """bank.example wants to be told; so does nobody else."""
    dns.zone["bank.example", "TXT"] = [strings("v=spf1 ip4:127.0.0.1 -all")]
    dns.zone["evil.example", "TXT"] = [strings("v=spf1 ip4:127.0.0.1 -all")]
    dns.zone["key._domainkey.bank.example", "TXT"] = [strings(RSA.record)]
    return wants(dns, "mailto:dmarc@bank.example")


def wants(dns: FakeDns, rua: str) -> FakeDns:
    dns.zone["_dmarc.bank.example", "TXT"] = [strings(f"v=DMARC1; p=reject; adkim=s; rua={rua}")]
    return dns


@contextmanager
def reporting(house: RunningHouse, address: str) -> Iterator[None]:
    from posthouse.delivery import setup

    before = setup.current()
    reporter = setup.Reporter(address, "Posthouse & Sons")
    setup._setup = replace(before, reporters={"dmarc": reporter, "tls": reporter})
    try:
        yield
    finally:
        setup._setup = replace(setup.current(), reporters={})


@contextmanager
def counting_door(house: RunningHouse, dns: FakeDns) -> Iterator[int]:
    """What was counted is handed over when it closes."""
    from posthouse.delivery.reporting import dmarc

    with door(house, dns, judged=dmarc.gathering(flush_seconds=60)) as port:
        yield port


def run(house: RunningHouse) -> None:
    from posthouse.delivery.reporting import jobs

    house.call(jobs.send_reports())


def told(peer: Peer) -> list[EmailMessage]:
    return [email.message_from_bytes(bytes_of(one), policy=email.policy.SMTP) for one in peer.messages]  # type: ignore[misc]


def read(raw: bytes) -> Aggregate:
    """As our own door reads what others send."""
    from posthouse.delivery.domains import domain_reports
    from posthouse.mail import storing
    from posthouse.smtpd.checked import looks_like_report_of_domain
    from posthouse.wire.auth.judgement import UNCHECKED

    assert looks_like_report_of_domain(raw)
    found = domain_reports.read(raw, storing.prepare(raw), UNCHECKED)
    assert found is not None
    (report,) = found.aggregates
    return report


def strangers_write(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    """Three mails that are the bank's, of which two are signed, and two that are not."""
    with counting_door(house, dns) as port:
        for content in (by_hand(MAIL), by_hand(MAIL), MAIL):
            assert hand_in(port, cast.alice, content).startswith(b"250")
        for _ in range(2):
            assert hand_in(port, cast.alice, MAIL, sender="eve@evil.example").startswith(b"250")


def nothing_waits(domain: str = "bank.example") -> bool:
    from posthouse.base import sql

    return sql.row("SELECT 1 FROM delivery_seen WHERE domain = %s", [domain]) is None


def test_what_the_door_judged_is_told_once(
    house: RunningHouse, cast: Cast, bank: FakeDns, move: Move
) -> None:
    from posthouse.base import clock

    with reporting(house, f"postmaster@{cast.domain}"), outside(house, "bank.example") as peer:
        strangers_write(house, cast, bank)
        today = clock.now_ms() // 1000 // DAY * DAY
        run(house)
        assert not nothing_waits(), "the day is not over"
        move(2 * DAY)
        run(house)
        run(house)
        until(lambda: peer.messages)
        assert nothing_waits()
    (mail,) = told(peer)
    assert (mail["To"], mail["Auto-Submitted"]) == ("dmarc@bank.example", "auto-generated")
    assert mail["From"] == f"Posthouse & Sons <postmaster@{cast.domain}>"
    report = read(bytes_of(peer.messages[0]))
    assert (report.reporter, report.domain, report.policy) == ("Posthouse & Sons", "bank.example", "reject")
    assert (report.begin, report.end) == (today, today + DAY - 1)
    assert {
        (one.source, one.count, one.disposition, one.dkim, one.spf, one.header_from, one.dkim_domain, one.spf_domain)
        for one in report.rows
    } == {
        ("127.0.0.1", 2, "none", "pass", "pass", "bank.example", "bank.example", "bank.example"),
        ("127.0.0.1", 1, "none", "fail", "pass", "bank.example", "", "bank.example"),
        ("127.0.0.1", 2, "quarantine", "fail", "fail", "bank.example", "", "evil.example"),
    }  # fmt: skip
    assert (
        mail["Subject"]
        == f"Report Domain: bank.example Submitter: {cast.domain} Report-ID: <{report.report_id}>"
    )
    (name,) = [part.get_filename() for part in mail.iter_attachments()]
    assert name == f"{cast.domain}!bank.example!{report.begin}!{report.end}.xml.gz"


def test_it_is_signed_for_who_reports(house: RunningHouse, cast: Cast, bank: FakeDns, move: Move) -> None:
    records = key_records(log_in(house, cast.alice))
    publish(bank, records)
    move(-2 * DAY)  # dkimpy believes no signature of the day after tomorrow
    with reporting(house, f"postmaster@{cast.domain}"), outside(house, "bank.example") as peer:
        strangers_write(house, cast, bank)
        move(2 * DAY)
        run(house)
        until(lambda: peer.messages)
    assert is_verified(bytes_of(peer.messages[0]), records)


def test_two_at_once_and_one_that_is_cut_off(
    house: RunningHouse, cast: Cast, bank: FakeDns, move: Move
) -> None:
    from posthouse.delivery.reporting import jobs

    async def cut_off() -> None:
        running = asyncio.ensure_future(jobs.send_reports())
        await asyncio.sleep(0.3)
        assert not running.done(), "it waits for the DNS"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def twice() -> None:
        await asyncio.gather(jobs.send_reports(), jobs.send_reports())

    with reporting(house, f"postmaster@{cast.domain}"), outside(house, "bank.example") as peer:
        strangers_write(house, cast, bank)
        move(2 * DAY)
        bank.broken["_dmarc.bank.example"] = SILENCE
        house.call(cut_off())
        run(house)
        assert not nothing_waits(), "a dead DNS is asked again"
        bank.broken.clear()
        house.call(twice())
        until(lambda: peer.messages)
        run(house)
    assert len(peer.messages) == 1


@pytest.mark.parametrize("agrees", [False, True])
def test_an_address_elsewhere_must_agree(
    house: RunningHouse, cast: Cast, bank: FakeDns, move: Move, agrees: bool
) -> None:
    wants(bank, "mailto:victim@else.example,mailto:dmarc@bank.example")
    if agrees:
        bank.zone["bank.example._report._dmarc.else.example", "TXT"] = [strings("v=DMARC1")]
    with (
        reporting(house, f"postmaster@{cast.domain}"),
        outside(house, "bank.example") as own,
        outside(house, "else.example") as elsewhere,
    ):
        strangers_write(house, cast, bank)
        move(2 * DAY)
        run(house)
        until(lambda: own.messages and (not agrees or elsewhere.messages))
    assert len(elsewhere.messages) == int(agrees)
    assert told(own)[0]["To"] == (
        "victim@else.example, dmarc@bank.example" if agrees else "dmarc@bank.example"
    )


def test_who_takes_only_small_mails_is_left_out(
    house: RunningHouse, cast: Cast, bank: FakeDns, move: Move
) -> None:
    wants(bank, "mailto:small@bank.example!200,mailto:large@bank.example!10m")
    with reporting(house, f"postmaster@{cast.domain}"), outside(house, "bank.example") as peer:
        strangers_write(house, cast, bank)
        move(2 * DAY)
        run(house)
        until(lambda: peer.messages)
    assert [one["To"] for one in told(peer)] == ["large@bank.example"]


def test_off_by_default(house: RunningHouse, cast: Cast, bank: FakeDns, move: Move) -> None:
    from posthouse.base import sql

    before = sql.row("SELECT count(*) FROM delivery_submission")
    strangers_write(house, cast, bank)
    move(2 * DAY)
    run(house)
    assert sql.row("SELECT count(*) FROM delivery_submission") == before
    move(3 * DAY)
    run(house)
    assert nothing_waits(), "what nobody tells is forgotten"


def test_a_report_is_not_reported(house: RunningHouse, cast: Cast, bank: FakeDns, move: Move) -> None:
    """Nor is anything that only calls itself one left out: it is not proved."""
    report = MAIL.replace(b"Subject: Account", b"Subject: Report Domain: posthouse.test")
    with counting_door(house, bank) as port:
        assert hand_in(port, cast.alice, by_hand(report)).startswith(b"250")
    assert nothing_waits()
    with counting_door(house, bank) as port:
        assert hand_in(port, cast.alice, report, sender="eve@evil.example").startswith(b"250")
    assert not nothing_waits()
    move(9 * DAY)
    run(house)


def test_nothing_goes_to_ourselves(house: RunningHouse, cast: Cast, dns: FakeDns, move: Move) -> None:
    from posthouse.base import sql

    dns.zone[f"_dmarc.{cast.domain}", "TXT"] = [strings(f"v=DMARC1; p=none; rua=mailto:dmarc@{cast.domain}")]
    before = sql.row("SELECT count(*) FROM delivery_submission")
    with reporting(house, f"postmaster@{cast.domain}"):
        with counting_door(house, dns) as port:
            forged = MAIL.replace(b"ann@bank.example", f"x@{cast.domain}".encode())
            assert hand_in(port, cast.alice, forged, sender="eve@evil.example").startswith(b"250")
        assert not nothing_waits(cast.domain)
        move(2 * DAY)
        run(house)
    assert nothing_waits(cast.domain)
    assert sql.row("SELECT count(*) FROM delivery_submission") == before


def test_a_flood_costs_a_bounded_number_of_rows(house: RunningHouse) -> None:
    from posthouse.base import clock, sql
    from posthouse.delivery.reporting import seen
    from posthouse.delivery.reporting.gathering import DAY_MS, MOST_KINDS, Gathering

    kept: list[int] = []

    async def write(noted: object) -> None:
        kept.append(len(noted))  # type: ignore[arg-type]

    async def flood() -> None:
        gathering: Gathering[int] = Gathering("dmarc", write, flush_seconds=60)
        for number in range(3 * MOST_KINDS):
            gathering.note(number)
        await gathering.flush()

    house.call(flood())
    assert kept == [MOST_KINDS]
    day = clock.now_ms() // DAY_MS
    for first in range(0, seen.MOST_OF_DOMAIN + 1_000, 1_000):
        seen.keep(
            [
                seen.Seen(kind="dmarc", day=day, domain="flood.example", content=str(first + at), times=1)
                for at in range(1_000)
            ]
        )
    seen.keep([seen.Seen(kind="dmarc", day=day, domain="flood.example", content="0", times=6)])
    assert sql.row("SELECT count(*), max(times) FROM delivery_seen WHERE domain = 'flood.example'") == (
        seen.MOST_OF_DOMAIN,
        7,
    )
    seen.forget("dmarc", day, "flood.example")


def test_a_subdomain_is_told_with_the_domain_whose_record_it_is(
    house: RunningHouse, cast: Cast, bank: FakeDns, move: Move
) -> None:
    forged = MAIL.replace(b"ann@bank.example", b"ann@sub.bank.example")
    with reporting(house, f"postmaster@{cast.domain}"), outside(house, "bank.example") as peer:
        with counting_door(house, bank) as port:
            assert hand_in(port, cast.alice, forged, sender="eve@evil.example").startswith(b"250")
        move(2 * DAY)
        run(house)
        until(lambda: peer.messages)
    (row,) = read(bytes_of(peer.messages[0])).rows
    assert (row.header_from, row.disposition) == ("sub.bank.example", "quarantine")


def test_nonsense_in_a_signature_breaks_no_report(
    house: RunningHouse, cast: Cast, bank: FakeDns, move: Move
) -> None:
    signature = (
        "DKIM-Signature: v=1; a=rsa-sha256; d=b\x01<&\u00e4.example; s=\x02; h=from; bh=AA==; b=AA==\r\n"
    )
    odd = signature.encode("latin-1") + MAIL
    with reporting(house, f"postmaster@{cast.domain}"), outside(house, "bank.example") as peer:
        with counting_door(house, bank) as port:
            assert hand_in(port, cast.alice, odd, sender="eve@evil.example").startswith(b"250")
            assert hand_in(port, cast.alice, by_hand(MAIL)).startswith(b"250")
        move(2 * DAY)
        run(house)
        until(lambda: peer.messages)
    assert sorted(row.count for row in read(bytes_of(peer.messages[0])).rows) == [1, 1]
