"""What TLS a server must show: by DANE, by MTA-STS, and what is not believed."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from posthouse.base.net import NetPolicy, parse_nets
from posthouse.delivery.transport import Mail, Outcome, Routes, Timeouts, Verdict, deliver
from posthouse.wire.smtp.mta_sts import Found, Mode, Policy
from tests.base.fake_dns import SERVFAIL, FakeDns, fake_dns
from tests.delivery.transport.authority import DAY, Authority
from tests.delivery.transport.peer import Peer

MX = "mx.a.test"
BOB = "bob@a.test"
MAIL = Mail(sender="alice@us.test", recipients=(BOB,), message=b"Subject: Hi\r\n\r\nHello\r\n")
QUICK = Timeouts(command=2.0, message=2.0)
Enforce = Policy(mode=Mode.ENFORCE, max_age_seconds=60, mx=(MX,))


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        server.zone["a.test", "MX"] = [f"10 {MX}."]
        server.zone[MX, "A"] = ["127.0.0.1"]
        server.secure.add("a.test")
        yield server


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def sent(
    dns: FakeDns,
    peer: Peer,
    *,
    tlsa: list[str] | None = None,
    sts: Policy | None = None,
    ca: Path | None = None,
) -> Outcome:
    """The one outcome of MAIL to the domain whose only server is the peer."""

    async def policy_of(domain: str) -> Found:
        assert domain == "a.test"
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
                ca_file=None if ca is None else str(ca),
            )
            routes = Routes(mx_port=peer.port)
            (outcome,) = await deliver(
                MAIL, domain="a.test", routes=routes, helo="us.test", policy=policy, timeouts=QUICK,
                sts_policy=policy_of,
            )  # fmt: skip
            return outcome

    return asyncio.run(scenario())


def record(usage: int, selector: int, matching: int, certificate: x509.Certificate) -> str:
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    data = key if selector else certificate.public_bytes(Encoding.DER)
    hashed = {0: data, 1: hashlib.sha256(data).digest(), 2: hashlib.sha512(data).digest()}[matching]
    return f"{usage} {selector} {matching} {hashed.hex()}"


def seen(outcome: Outcome) -> tuple[Verdict, str | None, str]:
    return outcome.verdict, outcome.tls, outcome.proof


def refused(outcome: Outcome, peer: Peer) -> bool:
    """It waits, and not a word of the mail was said."""
    assert (outcome.verdict, outcome.enhanced) == (Verdict.TEMPORARY, "4.7.5"), outcome
    assert not peer.messages and not any(line[:4] in (b"MAIL", b"RCPT") for line in peer.commands)
    return True


@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching", [0, 1, 2])
def test_a_server_with_the_published_key_gets_the_mail_whatever_its_name_and_dates(
    dns: FakeDns, authority: Authority, selector: int, matching: int
) -> None:
    context, shown = authority.server("another.test", ends=-DAY)
    peer = Peer(tls=context)
    other = record(3, 1, 1, authority.certificate)
    outcome = sent(dns, peer, tlsa=[other, record(3, selector, matching, shown)])
    assert seen(outcome) == (Verdict.DELIVERED, "TLSv1.3", "dane")
    assert len(peer.messages) == 1


def test_another_key_or_no_tls_gets_nothing(dns: FakeDns, authority: Authority) -> None:
    context, _ = authority.server(MX)
    _, published = authority.server(MX)
    peer = Peer(tls=context)
    assert refused(sent(dns, peer, tlsa=[record(3, 1, 1, published)]), peer)
    assert peer.tls_sessions == 1, "and it is not tried in clear"
    peer = Peer()
    assert refused(sent(dns, peer, tlsa=[record(3, 1, 1, published)]), peer)


def test_whoever_the_published_authority_signed_gets_the_mail(
    dns: FakeDns, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other")
    published = [record(2, 0, 1, authority.certificate)]
    peer = Peer(tls=authority.server(MX)[0])
    assert seen(sent(dns, peer, tlsa=published)) == (Verdict.DELIVERED, "TLSv1.3", "dane")
    for maker, name, ends in ((authority, "another.test", DAY), (authority, MX, -DAY), (stranger, MX, DAY)):
        peer = Peer(tls=maker.server(name, ends=ends)[0])
        assert refused(sent(dns, peer, tlsa=published), peer), (name, ends)


def test_records_of_kinds_we_cannot_use_demand_tls_and_prove_nothing(
    dns: FakeDns, authority: Authority
) -> None:
    context, shown = authority.server(MX)
    for tlsa in (record(1, 1, 1, shown), "3 9 1 " + "ab" * 32, "3 1 7 abcd"):
        assert seen(sent(dns, Peer(tls=context), tlsa=[tlsa])) == (Verdict.DELIVERED, "TLSv1.3", ""), tlsa
        peer = Peer()
        assert refused(sent(dns, peer, tlsa=[tlsa]), peer)


def test_what_dnssec_does_not_prove_is_not_believed(dns: FakeDns, authority: Authority) -> None:
    _, published = authority.server(MX)
    dns.secure.clear()
    peer = Peer()
    assert seen(sent(dns, peer, tlsa=[record(3, 1, 1, published)])) == (Verdict.DELIVERED, None, "")
    assert not any(kind == "TLSA" for _, kind in dns.asked)


def test_records_that_the_dns_will_not_tell_may_be_kept_from_us(dns: FakeDns) -> None:
    peer = Peer()
    asyncio.run(_listening_port(peer))
    dns.broken[f"_{peer.port}._tcp.{MX}"] = SERVFAIL
    assert refused(sent(dns, peer), peer)


async def _listening_port(peer: Peer) -> None:
    async with peer.running():
        return


def test_a_policy_takes_its_servers_with_a_certificate_that_holds(dns: FakeDns, authority: Authority) -> None:
    dns.secure.clear()
    peer = Peer(tls=authority.server(MX)[0])
    assert seen(sent(dns, peer, sts=Enforce, ca=authority.file)) == (Verdict.DELIVERED, "TLSv1.3", "mta-sts")
    for context in (
        authority.server("another.test")[0],
        authority.server(MX, ends=-DAY)[0],
        None,
    ):
        peer = Peer(tls=context)
        assert refused(sent(dns, peer, sts=Enforce, ca=authority.file), peer)
    peer = Peer(tls=authority.server(MX)[0])
    assert refused(sent(dns, peer, sts=Enforce), peer), "an authority that nobody trusts"


def test_a_policy_takes_no_other_server(dns: FakeDns, authority: Authority) -> None:
    dns.secure.clear()
    peer = Peer(tls=authority.server(MX)[0])
    elsewhere = Policy(mode=Mode.ENFORCE, max_age_seconds=60, mx=("*.b.test", "a.test"))
    assert refused(sent(dns, peer, sts=elsewhere, ca=authority.file), peer)
    assert peer.sessions == 0
    testing = Policy(mode=Mode.TESTING, max_age_seconds=60, mx=("*.b.test",))
    assert seen(sent(dns, Peer(), sts=testing)) == (Verdict.DELIVERED, None, "")


def test_dane_comes_before_a_policy(dns: FakeDns, authority: Authority) -> None:
    """It passes where the policy would not, and a good certificate does not make up for another key (RFC 8461 §2)."""
    context, shown = authority.server("another.test")
    tlsa = [record(3, 1, 1, shown)]
    assert seen(sent(dns, Peer(tls=context), tlsa=tlsa, sts=Enforce)) == (
        Verdict.DELIVERED,
        "TLSv1.3",
        "dane",
    )
    peer = Peer(tls=authority.server(MX, ends=dt.timedelta(hours=1))[0])
    assert refused(sent(dns, peer, tlsa=tlsa, sts=Enforce, ca=authority.file), peer)
