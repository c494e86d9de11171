"""MTA-STS from the DNS and the web to the queue: policies are fetched, kept and obeyed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posthouse.wire.smtp.mta_sts import Mode, Policy
from tests.base.fake_dns import SERVFAIL, FakeDns, fake_dns
from tests.cast import Cast
from tests.delivery.outside import lines, outside, send, settled, until
from tests.delivery.transport.authority import Authority
from tests.delivery.world import MX, POLICY, Site, forget_policies, known_to, mx_port, proofs
from tests.house import RunningHouse


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        server.zone["sts.test", "MX"] = [f"10 {MX}."]
        server.zone[MX, "A"] = ["127.0.0.1"]
        server.zone["mta-sts.sts.test", "A"] = ["127.0.0.1"]
        server.zone["_mta-sts.sts.test", "TXT"] = ['"v=STSv1; id=1;"']
        yield server


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def site(house: RunningHouse, dns: FakeDns, authority: Authority) -> Iterator[Site]:
    with known_to(house, dns, authority) as made:
        yield made


def known(house: RunningHouse) -> Policy | None:
    from posthouse.delivery.domains import sts

    found: Policy | None = house.call(sts.policy_of("sts.test")).policy
    return found


def test_a_policy_is_fetched_once_and_kept(house: RunningHouse, site: Site, dns: FakeDns) -> None:
    site.text = POLICY.format(mode="enforce", mx=MX, age=600)
    for _ in range(3):
        policy = known(house)
        assert policy is not None and (policy.mode, policy.mx) == (Mode.ENFORCE, (MX,))
    assert site.asked == 1


def test_a_new_number_is_a_new_policy(house: RunningHouse, site: Site, dns: FakeDns) -> None:
    site.text = POLICY.format(mode="enforce", mx=MX, age=600)
    known(house)
    site.text = POLICY.format(mode="none", mx="gone.test", age=600)
    dns.zone["_mta-sts.sts.test", "TXT"] = ['"v=STSv1; id=2;"']
    policy = known(house)
    assert policy is not None and policy.mode is Mode.NONE and site.asked == 2


@pytest.mark.parametrize(
    "broken",
    [
        lambda site, dns: setattr(site, "status", 404),
        lambda site, dns: setattr(site, "status", 302),
        lambda site, dns: setattr(site, "kind", "text/html"),
        lambda site, dns: setattr(site, "text", "nonsense"),
        lambda site, dns: setattr(site, "text", "x" * 70_000),
        lambda site, dns: dns.broken.update({"mta-sts.sts.test": SERVFAIL}),
    ],
)
def test_whoever_keeps_the_policy_from_us_changes_nothing(
    house: RunningHouse, site: Site, dns: FakeDns, broken: Callable[[Any, Any], None]
) -> None:
    """What is known stays known, also when the record is taken out of the DNS; what was never known is not made up."""
    site.text = POLICY.format(mode="enforce", mx=MX, age=600)
    kept = known(house)
    assert kept is not None
    broken(site, dns)
    dns.zone["_mta-sts.sts.test", "TXT"] = ['"v=STSv1; id=2;"']
    for _ in range(2):
        policy = known(house)
        assert policy is not None and policy.mx == kept.mx
    assert site.asked <= 2, "what is broken is not asked for with every e-mail"
    del dns.zone["_mta-sts.sts.test", "TXT"]
    assert known(house) is not None
    forget_policies()
    assert known(house) is None
    dns.zone["_mta-sts.sts.test", "TXT"] = ['"v=STSv1; id=3;"']
    assert known(house) is None


def test_a_policy_ends_with_its_time(house: RunningHouse, site: Site, dns: FakeDns) -> None:
    site.text = POLICY.format(mode="enforce", mx=MX, age=0)
    assert known(house) is not None
    del dns.zone["_mta-sts.sts.test", "TXT"]
    assert known(house) is None


def test_the_queue_obeys_and_tells_how_the_server_was_proved(
    house: RunningHouse, cast: Cast, site: Site, dns: FakeDns, authority: Authority
) -> None:
    site.text = POLICY.format(mode="enforce", mx=MX, age=600)
    with outside(house, tls=authority.server(MX)[0]) as peer, mx_port(peer.port):
        sent = send(cast.alice, "zoe@sts.test")
        assert settled(sent.submission_id)["zoe@sts.test"][0] == "delivered"
        assert len(peer.messages) == 1
    with outside(house, tls=authority.server("another.test")[0]) as peer, mx_port(peer.port):
        held = send(cast.alice, "zoe@sts.test")
        line = until(lambda: (one := lines(held.submission_id)["zoe@sts.test"])[0] == "retrying" and one)
        assert "4.7.5" in line[2] and not peer.messages
    assert proofs(sent.submission_id) == ["mta-sts"] and proofs(held.submission_id) == [""]
