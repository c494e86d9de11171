"""Where mail goes, when it is tried again, and which failures are for good."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from posthouse.base.net import MxHost, NetPolicy, parse_nets
from posthouse.delivery.transport import (
    DEFAULT_SCHEDULE,
    Mail,
    Outcome,
    Relay,
    RouteFailed,
    Routes,
    Tls,
    Verdict,
    backoff,
    deliver,
    hops_for,
)
from tests.base.fake_dns import SERVFAIL, FakeDns, fake_dns

from .peer import Peer

RELAY = Relay(host="relay.test", port=587, username="us", password="secret")


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        yield server


def as_given(_: list[MxHost]) -> None:
    """No shuffling."""


def policy_of(dns: FakeDns) -> NetPolicy:
    return NetPolicy(
        dns_server=dns.address, dns_timeout=1, connect_timeout=1, allow_nets=parse_nets("127.0.0.0/29")
    )


def hops(domain: str, routes: Routes, policy: NetPolicy | None = None) -> list[tuple[str, int]]:
    found = asyncio.run(hops_for(domain, routes=routes, policy=policy, shuffle=as_given))
    return [(hop.host, hop.port) for hop in found]


def test_the_operators_routes_come_before_the_dns() -> None:
    routes = Routes(static={"other.test": ("127.0.0.1", 2626)}, relay=RELAY)
    assert hops("Other.TEST", routes) == [("127.0.0.1", 2626)]
    assert hops("else.test", routes) == [("relay.test", 587)]
    assert hops("else.test", Routes(static={"*": ("10.0.0.1", 25)}, relay=RELAY)) == [("10.0.0.1", 25)]


def test_without_routes_the_mx_decides(dns: FakeDns) -> None:
    dns.zone["a.test", "MX"] = ["20 two.a.test.", "10 one.a.test."]
    assert hops("a.test", Routes(), policy_of(dns)) == [("one.a.test", 25), ("two.a.test", 25)]
    dns.zone["xn--bcher-kva.test", "MX"] = ["10 mx.b.test."]
    assert hops("bücher.test", Routes(), policy_of(dns)) == [("mx.b.test", 25)]
    assert hops("[1.2.3.4]", Routes()) == [("1.2.3.4", 25)]
    assert hops("[IPv6:2606::1]", Routes()) == [("2606::1", 25)]


@pytest.mark.parametrize(
    ("domain", "verdict", "enhanced"),
    [
        ("none.test", Verdict.PERMANENT, "5.1.2"),
        ("never.test", Verdict.PERMANENT, "5.1.10"),
        ("fail.test", Verdict.TEMPORARY, "4.4.3"),
        ("x" * 70 + "ü.test", Verdict.PERMANENT, "5.1.2"),
        ("a..test", Verdict.PERMANENT, "5.1.2"),
    ],
)
def test_domains_without_servers_are_judged(
    dns: FakeDns, domain: str, verdict: Verdict, enhanced: str
) -> None:
    dns.zone["never.test", "MX"] = ["0 ."]
    dns.broken["fail.test"] = SERVFAIL
    with pytest.raises(RouteFailed) as failed:
        hops(domain, Routes(), policy_of(dns))
    assert (failed.value.result.verdict, failed.value.result.enhanced) == (verdict, enhanced)


def test_a_relay_with_credentials_is_verified_unless_it_is_this_machine() -> None:
    assert RELAY.hop.tls is Tls.VERIFIED
    assert Relay(host="relay.test", port=465).hop.tls is Tls.IMPLICIT
    assert Relay(host="relay.test", port=25).hop.tls is Tls.OPPORTUNISTIC
    assert Relay(host="relay.test", port=25, must_verify=True).hop.tls is Tls.VERIFIED
    assert Relay(host="127.0.0.1", port=25, username="us").hop.tls is Tls.OPPORTUNISTIC
    assert "secret" not in repr(RELAY.hop) + repr(RELAY)


def test_the_next_server_is_asked_when_the_first_cannot_be(dns: FakeDns) -> None:
    dns.zone["a.test", "MX"] = ["10 gone.a.test.", "20 down.a.test.", "30 up.a.test.", "40 spare.a.test."]
    dns.zone["down.a.test", "A"] = ["127.0.0.2"]
    dns.zone["up.a.test", "A"] = ["127.0.0.1"]
    dns.zone["spare.a.test", "A"] = ["127.0.0.1"]
    peer = Peer(greeting=b"220 up")

    (outcome,) = asyncio.run(delivered(peer, dns))
    assert outcome.verdict is Verdict.DELIVERED
    assert outcome.host == "up.a.test [127.0.0.1]"
    assert peer.sessions == 1


def test_a_refusal_by_one_server_is_not_asked_again_of_the_next(dns: FakeDns) -> None:
    dns.zone["a.test", "MX"] = ["10 up.a.test.", "20 spare.a.test."]
    dns.zone["up.a.test", "A"] = dns.zone["spare.a.test", "A"] = ["127.0.0.1"]
    peer = Peer(replies={"RCPT": b"550 5.1.1 no"})
    (outcome,) = asyncio.run(delivered(peer, dns))
    assert (outcome.enhanced, peer.sessions) == ("5.1.1", 1)


def test_servers_that_can_never_be_asked_are_for_good_and_silent_ones_are_not(dns: FakeDns) -> None:
    dns.zone["a.test", "MX"] = ["10 gone.a.test."]
    (outcome,) = asyncio.run(delivered(Peer(), dns))
    assert (outcome.verdict, outcome.enhanced) == (Verdict.PERMANENT, "5.4.4")
    dns.zone["b.test", "MX"] = ["10 down.b.test.", "20 gone.b.test."]
    dns.zone["down.b.test", "A"] = ["127.0.0.2"]
    (outcome,) = asyncio.run(delivered(Peer(), dns, domain="b.test"))
    assert (outcome.verdict, outcome.enhanced) == (Verdict.TEMPORARY, "4.4.1")


async def delivered(peer: Peer, dns: FakeDns, *, domain: str = "a.test") -> list[Outcome]:
    async with peer.running():
        mail = Mail(sender="alice@us.test", recipients=(f"bob@{domain}",), message=b"Subject: x\r\n\r\nx\r\n")
        return await deliver(
            mail,
            domain=domain,
            routes=Routes(mx_port=peer.port),
            helo="us.test",
            policy=policy_of(dns),
            shuffle=as_given,
        )


def test_the_waits_grow_and_end_after_five_days() -> None:
    waits = [backoff(n, jitter=0.5) for n in range(1, len(DEFAULT_SCHEDULE) + 1)]
    assert waits[:7] == [60, 300, 900, 1_800, 3_600, 7_200, 14_400]
    assert 4.8 * 86_400 <= sum(wait or 0 for wait in waits) <= 5 * 86_400
    assert backoff(len(DEFAULT_SCHEDULE) + 1, jitter=0.5) is None


def test_jitter_spreads_a_wait_by_a_tenth() -> None:
    assert backoff(1, jitter=0, schedule=(100,)) == pytest.approx(90)
    assert backoff(1, jitter=1, schedule=(100,)) == pytest.approx(110)
    assert [backoff(n, jitter=0.5, schedule=(1, 2)) for n in (0, 1, 2, 3)] == [None, 1, 2, None]
