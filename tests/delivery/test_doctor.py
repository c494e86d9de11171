"""What the world sees of a domain, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.api.client import log_in
from tests.base.fake_dns import SERVFAIL, FakeDns, fake_dns
from tests.cast import Cast
from tests.delivery.transport.authority import Authority
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse

if TYPE_CHECKING:
    from posthouse.delivery.domains.doctor import Finding

HOST = "mail.posthouse.test"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def dns(house: RunningHouse, authority: Authority) -> Iterator[FakeDns]:
    from posthouse.base import net

    before = net.policy()
    with fake_dns() as server:
        net.configure(
            net.NetPolicy(
                dns_server=server.address,
                dns_timeout=1,
                allow_nets=net.parse_nets("127.0.0.0/8"),
                ca_file=str(authority.file),
            )
        )
        try:
            yield server
        finally:
            net.configure(before)


def examined(house: RunningHouse, domain: str, *, port: int = 1) -> dict[str, list[Finding]]:
    from posthouse.delivery.domains import doctor

    found: dict[str, list[Finding]] = {}
    for one in house.call(doctor.examine(domain, port=port)):
        found.setdefault(one.topic, []).append(one)
    return found


def states(found: dict[str, list[Finding]]) -> dict[str, list[str]]:
    return {topic: [one.state for one in findings] for topic, findings in found.items()}


def test_a_domain_without_anything_is_told_what_to_publish(
    house: RunningHouse, cast: Cast, dns: FakeDns
) -> None:
    found = examined(house, cast.domain)
    assert states(found) == {
        "mx": ["missing"], "address": ["missing"], "spf": ["missing"], "dkim": ["missing"], "dmarc": ["missing"],
        "port": ["unknown"],
    }  # fmt: skip
    assert all(one.advice for findings in found.values() for one in findings)
    assert f"MX 10 {HOST}." in found["mx"][0].advice


def test_a_server_that_has_no_name_yet_is_told_to_take_one(
    house: RunningHouse, cast: Cast, dns: FakeDns
) -> None:
    """`MX 10 localhost.` would lead the world to itself."""
    from posthouse.delivery import setup

    named = setup.current()
    setup._setup = replace(named, hostname="localhost")
    try:
        found = examined(house, cast.domain)
    finally:
        setup._setup = named
    for topic in ("mx", "address"):
        (finding,) = found[topic]
        assert finding.state != "ok" and "POSTHOUSE_HOSTNAME" in finding.advice


def test_a_domain_that_publishes_what_its_page_says_is_well(
    house: RunningHouse, cast: Cast, dns: FakeDns, authority: Authority
) -> None:
    """The very records that the domain's page shows, put in the DNS, pass: they are right."""
    alice = log_in(house, cast.alice)
    (domain,) = alice.get("/domains/").json["items"]
    domain = alice.ok(alice.post(f"/domains/{domain['id']}/keys/"), 201)
    for one in domain["records"]:
        text = one["value"]
        parts = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
        dns.zone[one["name"], one["type"]] = [parts if one["type"] == "TXT" else text]
    dns.zone[HOST, "A"] = ["127.0.0.1"]
    dns.zone["1.0.0.127.in-addr.arpa", "PTR"] = [f"{HOST}."]
    peer = Peer(tls=authority.server(HOST)[0])
    running = peer.running()
    house.call(running.__aenter__())
    try:
        found = examined(house, cast.domain, port=peer.port)
    finally:
        house.call(running.__aexit__(None, None, None))
    assert states(found) == {
        "mx": ["ok"], "address": ["wrong"], "reverse": ["ok"], "spf": ["ok"], "dkim": ["ok", "ok"], "dmarc": ["ok"],
        "port": ["ok"], "tls": ["ok"],
    }  # fmt: skip
    assert "127.0.0.1" in found["address"][0].advice, "a loopback address is nobody's way to us"
    answer = alice.ok(alice.post(f"/domains/{domain['id']}/check/"))
    assert {one["topic"]: one["state"] for one in answer["items"]}["dkim"] == "ok"


def test_what_is_wrong_is_told_apart_from_what_is_not_there(
    house: RunningHouse, cast: Cast, dns: FakeDns, authority: Authority
) -> None:
    dns.zone[cast.domain, "MX"] = ["10 elsewhere.test."]
    dns.zone[cast.domain, "TXT"] = ['"v=spf1 -all"', '"other"']
    dns.zone[f"_dmarc.{cast.domain}", "TXT"] = ['"v=DMARC1; p=none"']
    dns.zone[HOST, "A"] = ["127.0.0.1"]
    dns.zone["1.0.0.127.in-addr.arpa", "PTR"] = ["another.test."]
    peer = Peer(tls=authority.server("another.test")[0])
    running = peer.running()
    house.call(running.__aenter__())
    try:
        found = examined(house, cast.domain, port=peer.port)
    finally:
        house.call(running.__aexit__(None, None, None))
    assert states(found) == {
        "mx": ["wrong"], "address": ["wrong"], "reverse": ["wrong"], "spf": ["wrong"], "dkim": ["missing"],
        "dmarc": ["ok"], "port": ["ok"], "tls": ["wrong"],
    }  # fmt: skip
    assert found["mx"][0].found == ("10 elsewhere.test.",)
    assert "fail" in found["spf"][0].advice and "p=none" in found["dmarc"][0].advice


def test_a_dead_dns_is_nobodys_fault(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    dns.broken.update(dict.fromkeys((cast.domain, HOST, f"_dmarc.{cast.domain}"), SERVFAIL))
    found = states(examined(house, cast.domain))
    assert {found[topic][0] for topic in ("mx", "address", "spf", "dmarc", "port")} == {"unknown"}


def test_only_those_who_manage_domains_may_look(house: RunningHouse, cast: Cast) -> None:
    (domain,) = log_in(house, cast.alice).get("/domains/").json["items"]
    for person, status in ((cast.bob, 403), (cast.mallory, 404)):
        assert log_in(house, person).post(f"/domains/{domain['id']}/check/").status == status


def test_a_relay_is_thought_of(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    from posthouse.delivery import setup
    from posthouse.delivery.transport import Relay

    dns.zone[HOST, "A"] = ["127.0.0.1"]
    dns.zone[cast.domain, "TXT"] = ['"v=spf1 ip4:127.0.0.1 -all"']
    before = setup.current()
    relay = Relay(host="127.0.0.1", port=1)
    setup._setup = replace(before, routes=replace(before.routes, relay=relay))
    try:
        (spf,) = examined(house, cast.domain)["spf"]
    finally:
        setup._setup = before
    assert spf.state == "ok" and "relay" in spf.advice
