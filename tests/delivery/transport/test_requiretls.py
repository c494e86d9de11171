"""Mail whose sender demands TLS all the way (RFC 8689): who gets it, and that nobody else hears a word of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posthouse.base.net import NetPolicy, parse_nets
from posthouse.delivery.transport import Outcome, Routes, Verdict, deliver
from posthouse.wire.smtp.mta_sts import Found, Policy
from tests.base.fake_dns import FakeDns, fake_dns
from tests.delivery.transport.authority import DAY, Authority
from tests.delivery.transport.peer import Peer
from tests.delivery.transport.test_security import MAIL, MX, QUICK, Enforce, record

DEMANDING = replace(MAIL, requires_tls=True)
TLS = ["8BITMIME", "STARTTLS", "REQUIRETLS"]


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        server.zone["a.test", "MX"] = [f"10 {MX}."]
        server.zone[MX, "A"] = ["127.0.0.1"]
        yield server


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def sent(
    dns: FakeDns,
    peer: Peer,
    authority: Authority,
    *,
    sts: Policy | None = None,
    tlsa: list[str] | None = None,
    is_routed: bool = False,
) -> Outcome:
    async def policy_of(domain: str) -> Found:
        return Found(sts)

    async def scenario() -> Outcome:
        async with peer.running():
            if tlsa is not None:
                dns.zone[f"_{peer.port}._tcp.{MX}", "TLSA"] = tlsa
            policy = NetPolicy(
                dns_server=dns.address,
                dns_timeout=1,
                connect_timeout=1,
                allow_nets=parse_nets("127.0.0.0/29"),
                ca_file=str(authority.file),
            )
            static = {"a.test": (MX, peer.port)} if is_routed else {}
            (outcome,) = await deliver(
                DEMANDING, domain="a.test", routes=Routes(static=static, mx_port=peer.port), helo="us.test",
                policy=policy, timeouts=QUICK, sts_policy=policy_of,
            )  # fmt: skip
            return outcome

    return asyncio.run(scenario())


def unheard(peer: Peer) -> bool:
    return not peer.messages and not any(line[:4] in (b"MAIL", b"RCPT") for line in peer.commands)


def taken(peer: Peer) -> bool:
    said = [line for line in peer.commands if line.startswith(b"MAIL")]
    return len(peer.messages) == 1 and peer.tls_sessions == 1 and said[0].endswith(b" REQUIRETLS\r\n")


def test_a_server_that_mta_sts_names_and_that_promises_the_same_gets_it(
    dns: FakeDns, authority: Authority
) -> None:
    peer = Peer(tls=authority.server(MX)[0], extensions=TLS)
    outcome = sent(dns, peer, authority, sts=Enforce)
    assert (outcome.verdict, outcome.proof) == (Verdict.DELIVERED, "mta-sts")
    assert taken(peer)


def test_a_server_that_dane_proves_gets_it(dns: FakeDns, authority: Authority) -> None:
    dns.secure.add("a.test")
    context, shown = authority.server("another.test", ends=-DAY)
    peer = Peer(tls=context, extensions=TLS)
    outcome = sent(dns, peer, authority, tlsa=[record(3, 1, 1, shown)])
    assert (outcome.verdict, outcome.proof) == (Verdict.DELIVERED, "dane")
    assert taken(peer)


def test_a_server_that_dnssec_names_gets_it_with_a_certificate(dns: FakeDns, authority: Authority) -> None:
    dns.secure.add("a.test")
    peer = Peer(tls=authority.server(MX)[0], extensions=TLS)
    assert sent(dns, peer, authority).proof == "certificate"
    assert taken(peer)
    peer = Peer(tls=authority.server("another.test")[0], extensions=TLS)
    assert sent(dns, peer, authority).verdict is Verdict.TEMPORARY
    assert unheard(peer)


def test_a_server_that_the_operator_names_gets_it_with_a_certificate(
    dns: FakeDns, authority: Authority
) -> None:
    peer = Peer(tls=authority.server(MX)[0], extensions=TLS)
    assert sent(dns, peer, authority, is_routed=True).verdict is Verdict.DELIVERED
    assert taken(peer)
    peer = Peer(extensions=TLS)
    assert sent(dns, peer, authority, is_routed=True).verdict is Verdict.TEMPORARY
    assert unheard(peer)


def test_a_server_that_nothing_proves_hears_nothing_and_the_sender_is_told(
    dns: FakeDns, authority: Authority
) -> None:
    peer = Peer(tls=authority.server(MX)[0], extensions=TLS)
    outcome = sent(dns, peer, authority)
    assert (outcome.verdict, outcome.enhanced) == (Verdict.PERMANENT, "5.7.10")
    assert unheard(peer) and peer.sessions == 0


def test_a_server_that_promises_nothing_gets_nothing_and_the_sender_is_told(
    dns: FakeDns, authority: Authority
) -> None:
    peer = Peer(tls=authority.server(MX)[0])
    outcome = sent(dns, peer, authority, sts=Enforce)
    assert (outcome.verdict, outcome.enhanced) == (Verdict.PERMANENT, "5.7.30")
    assert unheard(peer) and peer.tls_sessions == 1


def test_of_two_servers_the_one_that_promises_gets_it(dns: FakeDns, authority: Authority) -> None:
    dns.zone["a.test", "MX"] = ["10 mx1.a.test.", f"20 {MX}."]
    dns.zone["mx1.a.test", "A"] = ["127.0.0.1"]
    context, _ = authority.server(MX, "mx1.a.test")
    hello = b"250-peer.test\r\n250-STARTTLS\r\n250 HELP"
    promising = hello.replace(b"250 HELP", b"250 REQUIRETLS")
    peer = Peer(tls=context, replies={"EHLO": [hello, hello, promising, promising]})
    sts = replace(Enforce, mx=("*.a.test",))
    assert sent(dns, peer, authority, sts=sts).verdict is Verdict.DELIVERED
    assert peer.sessions == 2 and len(peer.messages) == 1
