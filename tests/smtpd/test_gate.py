"""What a stranger is asked at the MX door: block lists, to come back, and how long a refusal takes; all by real DNS."""

from __future__ import annotations

import asyncio
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from posthouse.base.limits import Rate
from posthouse.smtpd.block_lists import reversed_name
from posthouse.smtpd.greylist import Greylist, network_of
from posthouse.smtpd.peer_rates import Counted, PeerRates
from tests.base.fake_dns import SERVFAIL, SILENCE, FakeDns, fake_dns
from tests.cast import Cast
from tests.delivery.outside import inbox, outside, send, settled
from tests.house import RunningHouse
from tests.smtpd.conftest import Run
from tests.smtpd.door import open_door

LIST, OTHER = "bl.example", "second.example"
MAIL = b"From: Ann <ann@a.example>\r\nX-Block-List: forged.example\r\nSubject: Hi\r\n\r\nHello\r\n"
LOOPBACK = "1.0.0.127"


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        yield server


@contextmanager
def door(house: RunningHouse, dns: FakeDns, **given: Any) -> Iterator[int]:
    """An MX door to which we on loopback are strangers."""
    from posthouse.base.net_dns import Answers
    from posthouse.base.net_guard import NetPolicy
    from posthouse.smtpd.gate import Gate, GateSettings
    from posthouse.smtpd.mx import Mx
    from posthouse.smtpd.server import SmtpServer
    from posthouse.smtpd.settings import Settings
    from posthouse.wire.budget import Budget
    from posthouse.wire.smtp.envelope import Service

    trusted = given.pop("trusted_peers", ())

    def make() -> SmtpServer:
        gate = Gate(
            GateSettings(**given),
            hostname="mail.posthouse.test",
            make_ask=lambda: Answers(NetPolicy(dns_server=dns.address, dns_timeout=1)),
            trusted_peers=trusted,
        )
        handler = Mx(hostname="mail.posthouse.test", gate=gate).handler()
        return SmtpServer(
            Settings(service=Service.MX, hostname="mail.posthouse.test"), handler, budget=Budget(10**8)
        )

    with house.one_more_door(make) as port:
        yield port


def asked(port: int, recipient: str, *, sender: str = "ann@a.example") -> tuple[int, str]:
    """The answer to RCPT."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo("mx.a.example")
        client.mail(sender)
        code, text = client.rcpt(recipient)
        return code, text.decode()


def sent(port: int, recipient: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail("ann@a.example", [recipient], MAIL)


# Block lists


def test_a_listed_peer_is_refused_with_the_name_of_the_list(
    house: RunningHouse, cast: Cast, dns: FakeDns
) -> None:
    dns.zone[f"{LOOPBACK}.{OTHER}", "A"] = ["127.0.0.4"]
    with door(house, dns, block_lists=(LIST, OTHER)) as port:
        code, text = asked(port, cast.alice.email)
        assert code == 550 and text.startswith("5.7.1 ") and OTHER in text and LIST not in text
        assert asked(port, f"nobody@{cast.domain}")[1].startswith("5.1.1 "), (
            "who is not there is told so as ever"
        )
    assert dns.asked[f"{LOOPBACK}.{LIST}", "A"] >= 1


@pytest.mark.parametrize("answer", [["192.0.2.1"], ["127.255.255.254"], ["10.0.0.1", "0.0.0.0"]])
def test_an_answer_that_is_none_of_a_list_blocks_nobody(
    house: RunningHouse, cast: Cast, dns: FakeDns, answer: list[str]
) -> None:
    dns.zone[f"{LOOPBACK}.{LIST}", "A"] = answer
    with door(house, dns, block_lists=(LIST,)) as port:
        assert asked(port, cast.alice.email)[0] == 250


@pytest.mark.parametrize("fault", [SERVFAIL, SILENCE])
def test_a_dead_list_blocks_nobody_and_keeps_nobody_long(
    house: RunningHouse, cast: Cast, dns: FakeDns, fault: str
) -> None:
    dns.broken[f"{LOOPBACK}.{LIST}"] = fault
    with door(house, dns, block_lists=(LIST,)) as port:
        begun = time.monotonic()
        assert asked(port, cast.alice.email)[0] == 250
        assert time.monotonic() - begun < 5


def test_a_listed_peer_can_be_marked_instead_and_nobody_else_writes_the_mark(
    house: RunningHouse, cast: Cast, dns: FakeDns
) -> None:
    with door(house, dns, block_lists=(LIST,), only_marks=True) as port:
        sent(port, cast.bob.email)
    dns.zone[f"{LOOPBACK}.{OTHER}", "A"] = ["127.0.0.2"]
    with door(house, dns, block_lists=(LIST, OTHER), only_marks=True) as port:
        sent(port, cast.alice.email)
    assert [message.get_all("X-Block-List") for message in (*inbox(cast.bob), *inbox(cast.alice))] == [
        None,
        [OTHER],
    ]


def test_a_trusted_peer_is_asked_nothing(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    dns.zone[f"{LOOPBACK}.{LIST}", "A"] = ["127.0.0.2"]
    with door(house, dns, block_lists=(LIST,), greylist_seconds=60, trusted_peers=None) as port:
        assert asked(port, cast.alice.email)[0] == 250
    assert not dns.asked


def test_addresses_are_asked_for_backwards() -> None:
    assert reversed_name("192.0.2.99") == "99.2.0.192"
    assert reversed_name("::ffff:192.0.2.99") == "99.2.0.192"
    assert reversed_name("2001:db8:1:2:3:4:567:89ab") == (
        "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2"
    )
    assert reversed_name("") == ""


# Greylisting


def test_who_is_new_is_asked_to_come_back_and_then_known(
    house: RunningHouse, cast: Cast, dns: FakeDns
) -> None:
    with door(house, dns, greylist_seconds=0.5) as port:
        code, text = asked(port, cast.alice.email)
        assert (code, text[:5]) == (451, "4.7.1")
        assert asked(port, cast.alice.email)[0] == 451, "too early"
        assert asked(port, cast.bob.email)[0] == 451, "somebody else"
        time.sleep(0.6)
        assert asked(port, cast.alice.email.upper())[0] == 250
        assert asked(port, cast.alice.email)[0] == 250
        assert asked(port, cast.alice.email, sender="eve@a.example")[0] == 451
        assert asked(port, f"nobody@{cast.domain}")[0] == 550


def test_a_peer_that_the_senders_domain_names_need_not_come_back(
    house: RunningHouse, cast: Cast, dns: FakeDns
) -> None:
    dns.zone["a.example", "TXT"] = ['"v=spf1 ip4:127.0.0.1 -all"']
    dns.zone["b.example", "TXT"] = ['"v=spf1 ip4:192.0.2.1 -all"']
    with door(house, dns, greylist_seconds=60) as port:
        assert asked(port, cast.alice.email)[0] == 250
        assert asked(port, cast.alice.email, sender="ann@b.example")[0] == 451
        dns.broken["c.example"] = SERVFAIL
        assert asked(port, cast.alice.email, sender="ann@c.example")[0] == 451


def test_whom_one_has_written_to_need_not_come_back(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    with outside(house, "friend.test"):
        settled(send(cast.alice, "Zoe@friend.test").submission_id)
    with door(house, dns, greylist_seconds=60) as port:
        assert asked(port, cast.alice.email, sender="zoe@friend.test")[0] == 250
        assert asked(port, cast.bob.email, sender="zoe@friend.test")[0] == 451


def test_neighbours_count_as_one_and_strangers_as_many() -> None:
    grey = Greylist(wait_seconds=60)
    assert grey.wait("192.0.2.1", "a@a.test", "b@b.test", now=0) == 60
    assert grey.wait("192.0.2.200", "A@a.test", "b@B.test", now=61) == 0
    assert grey.wait("192.0.3.1", "a@a.test", "b@b.test", now=61) == 60
    assert grey.wait("2001:db8::1", "a@a.test", "b@b.test", now=0) == 60
    assert grey.wait("2001:db8::ffff:1", "a@a.test", "b@b.test", now=60) == 0
    assert grey.wait("2001:db8:0:1::1", "a@a.test", "b@b.test", now=60) == 60
    assert network_of("::ffff:192.0.2.1") == "192.0.2.0/24"


def test_who_stays_away_too_long_is_new_again() -> None:
    grey = Greylist(wait_seconds=60)
    day = 24 * 3600
    assert grey.wait("192.0.2.1", "a", "b", now=0) == 60
    assert grey.wait("192.0.2.1", "a", "b", now=day) == 60
    assert grey.wait("192.0.2.1", "a", "b", now=day + 60) == 0
    assert grey.wait("192.0.2.1", "a", "b", now=30 * day) == 0
    assert grey.wait("192.0.2.1", "a", "b", now=65 * day) == 0
    assert grey.wait("192.0.2.1", "a", "b", now=102 * day) == 60


def test_a_crowd_of_strangers_does_not_grow_it_for_ever() -> None:
    grey = Greylist(wait_seconds=60, max_kept=100)
    for number in range(1_000):
        grey.wait("192.0.2.1", f"{number}@a.test", "b@b.test", now=number)
    assert len(grey) == 100


# Tarpit and rates


def test_each_refusal_takes_longer_and_nobody_else_waits(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, tarpit_seconds=0.2) as tarpit:
            slow, quick = await tarpit.connect(), await tarpit.connect()
            for talker in (slow, quick):
                await talker.reply()
                await talker.say(b"EHLO client.test\r\n")
            await slow.say(b"MAIL FROM:<a@client.test>\r\n")
            begun = time.monotonic()
            slow.writer.write(b"RCPT TO:<x@elsewhere.test>\r\n")
            assert (await quick.say(b"NOOP\r\n")).startswith(b"250")
            assert time.monotonic() - begun < 0.15
            assert (await slow.reply()).startswith(b"550 5.7.1")
            first = time.monotonic() - begun
            slow.writer.write(b"RCPT TO:<y@elsewhere.test>\r\nRCPT TO:<bob@example.test>\r\n")
            assert (await slow.reply()).startswith(b"550 5.7.1")
            second = time.monotonic() - begun - first
            assert (await slow.reply()).startswith(b"250 2.1.5"), "in order, and none is lost"
            assert 0.2 <= first < second and second >= 0.4
            for talker in (slow, quick):
                await talker.close()

    run(scenario())


def test_a_client_that_leaves_the_tarpit_leaves_nothing_behind(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate, tarpit_seconds=5) as tarpit:
            talker = await tarpit.connect()
            talker.writer.write(b"NONSENSE\r\n")
            await asyncio.sleep(0.1)
            talker.reset()
            for _ in range(500):
                if not tarpit.server.connections:
                    break
                await asyncio.sleep(0.01)
            assert not tarpit.server.connections

    run(scenario())


HELLO, SENDER = b"EHLO client.test\r\n", b"MAIL FROM:<a@client.test>\r\n"


@pytest.mark.parametrize(
    ("counted", "lines", "codes"),
    [
        (Counted.MESSAGES, [HELLO] + [SENDER, b"RSET\r\n"] * 3, [220, 250, 250, 250, 250, 250, 450, 250]),
        (
            Counted.RECIPIENTS,
            [HELLO, SENDER] + [b"RCPT TO:<bob@example.test>\r\n"] * 3,
            [220, 250, 250, 250, 250, 450],
        ),
        (Counted.ERRORS, [HELLO] + [b"NONSENSE\r\n"] * 3, [220, 250, 500, 500, 500, 421]),
    ],
)
def test_a_network_that_asks_for_too_much_waits(
    run: Run, certificate: Path, counted: Counted, lines: list[bytes], codes: list[int]
) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as limited:
            limited.server.rates = PeerRates({counted: Rate(2, 3600)}, trusted_peers=())
            talker = await limited.connect()
            said = await talker.reply()
            for line in lines:
                said += await talker.say(line)
            if codes[-1] == 421:
                said += await talker.rest()
            found = [int(line[:3]) for line in said.split(b"\r\n") if line[3:4] == b" "]
            assert found == codes
            await talker.close()

    run(scenario())


def test_a_network_that_connects_too_often_is_turned_away(run: Run, certificate: Path) -> None:
    async def scenario() -> None:
        async with open_door(certificate) as limited:
            limited.server.rates = PeerRates({Counted.CONNECTIONS: Rate(2, 3600)}, trusted_peers=())
            said = []
            for _ in range(3):
                talker = await limited.connect()
                said.append((await talker.reply())[:3])
                await talker.close()
            assert said == [b"220", b"220", b"421"]

    run(scenario())


def test_a_network_is_an_ipv4_address_or_an_ipv6_64_and_trusted_peers_are_not_counted() -> None:
    rates = PeerRates({Counted.ERRORS: Rate(1, 3600)}, trusted_peers=None)
    assert not rates.has_too_many(Counted.ERRORS, "8.8.8.8")
    assert rates.has_too_many(Counted.ERRORS, "8.8.8.8")
    assert not rates.has_too_many(Counted.ERRORS, "8.8.8.9")
    assert not rates.has_too_many(Counted.ERRORS, "2a00:1450::1")
    assert rates.has_too_many(Counted.ERRORS, "2a00:1450::2")
    assert not rates.has_too_many(Counted.ERRORS, "2a00:1450:0:1::1")
    assert not any(rates.has_too_many(Counted.ERRORS, "127.0.0.1", by=100) for _ in range(3))


def test_a_flood_of_strangers_pushes_out_nobody_who_came_back() -> None:
    grey = Greylist(wait_seconds=60, max_kept=100)
    assert grey.wait("192.0.2.1", "a@x.test", "b@y.test", now=0) == 60
    assert grey.wait("192.0.2.1", "a@x.test", "b@y.test", now=61) == 0
    for number in range(1_000):
        grey.wait("198.51.100.1", f"{number}@z.test", "b@y.test", now=62)
    assert grey.wait("192.0.2.1", "a@x.test", "b@y.test", now=63) == 0
    assert len(grey) == 101
