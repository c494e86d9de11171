"""Going out: names are asked once, the checked address is the one dialled, mail hosts come in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from posthouse.base import net
from posthouse.base.net import DnsFailed, NameMissing, NetPolicy, NullMx, Refused, parse_nets
from posthouse.base.net_dns import Answers
from posthouse.wire.auth.dns import NoAnswer

from .fake_dns import SERVFAIL, SILENCE, FakeDns, fake_dns


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with fake_dns() as server:
        yield server


def policy_of(dns: FakeDns, allow: str = "") -> NetPolicy:
    return NetPolicy(
        dns_server=dns.address, dns_timeout=1.0, connect_timeout=2.0, allow_nets=parse_nets(allow)
    )


def test_a_name_is_resolved_through_the_configured_server(dns: FakeDns) -> None:
    dns.zone["a.test", "A"] = ["1.2.3.4"]
    dns.zone["a.test", "AAAA"] = ["2606:4700::1"]
    found = asyncio.run(net.resolve("A.test", policy=policy_of(dns)))
    assert [str(ip) for ip in found] == ["1.2.3.4", "2606:4700::1"]


def test_a_cname_is_followed(dns: FakeDns) -> None:
    dns.zone["www.a.test", "CNAME"] = ["real.a.test."]
    dns.zone["real.a.test", "A"] = ["1.2.3.4"]
    assert [str(ip) for ip in asyncio.run(net.resolve("www.a.test", policy=policy_of(dns)))] == ["1.2.3.4"]


def test_a_name_that_points_inside_is_refused(dns: FakeDns) -> None:
    dns.zone["10.0.0.1.nip.test", "A"] = ["10.0.0.1"]
    dns.zone["inside.test", "CNAME"] = ["10.0.0.1.nip.test."]
    for host in ("10.0.0.1.nip.test", "inside.test", "localhost", "x.localhost"):
        with pytest.raises(Refused):
            asyncio.run(net.resolve(host, policy=policy_of(dns)))


def test_of_mixed_addresses_only_the_public_ones_are_used(dns: FakeDns) -> None:
    dns.zone["mixed.test", "A"] = ["127.0.0.1", "1.2.3.4"]
    assert [str(ip) for ip in asyncio.run(net.resolve("mixed.test", policy=policy_of(dns)))] == ["1.2.3.4"]


def test_missing_and_broken_names_are_told_apart(dns: FakeDns) -> None:
    dns.zone["text.test", "TXT"] = ['"x"']
    dns.broken |= {"fail.test": SERVFAIL, "silent.test": SILENCE}
    policy = policy_of(dns)
    for host, error in (
        ("none.test", NameMissing),
        ("text.test", NameMissing),
        ("fail.test", DnsFailed),
        ("silent.test", DnsFailed),
    ):
        with pytest.raises(error):
            asyncio.run(net.resolve(host, policy=policy))


def test_the_address_that_was_checked_is_the_one_dialled(dns: FakeDns) -> None:
    """DNS rebinding: the second answer would be inside; nobody asks a second time."""
    dns.zone["rebind.test", "A"] = lambda before: ["127.0.0.2"] if before == 0 else ["127.0.0.1"]

    async def scenario() -> str:
        seen: list[str] = []

        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(writer.get_extra_info("sockname")[0])
            writer.close()

        server = await asyncio.start_server(serve, "0.0.0.0", 0)
        port = server.sockets[0].getsockname()[1]
        connection = await net.open_connection("rebind.test", port, policy=policy_of(dns, "127.0.0.2/32"))
        await connection.reader.read()
        connection.writer.close()
        server.close()
        assert str(connection.address) == "127.0.0.2"
        return seen[0]

    assert asyncio.run(scenario()) == "127.0.0.2"
    assert dns.asked["rebind.test", "A"] == 1


def test_a_closed_port_is_unreachable(dns: FakeDns) -> None:
    with pytest.raises(net.Unreachable):
        asyncio.run(net.open_connection("127.0.0.2", 1, policy=policy_of(dns, "127.0.0.0/8")))


def test_blocking_code_has_the_same_guard(dns: FakeDns) -> None:
    with pytest.raises(Refused):
        net.connect_blocking("127.0.0.1", 25, policy=policy_of(dns))
    with pytest.raises(Refused):
        net.resolve_blocking("169.254.169.254", policy=policy_of(dns))


def mx(dns: FakeDns, domain: str) -> list[str]:
    def turn(hosts: list[net.MxHost]) -> None:
        hosts.reverse()

    return [host.host for host in asyncio.run(net.mx_hosts(domain, policy=policy_of(dns), shuffle=turn))]


def test_mail_hosts_come_by_preference_and_ties_are_shuffled(dns: FakeDns) -> None:
    dns.zone["a.test", "MX"] = ["20 c.a.test.", "10 a.a.test.", "10 b.a.test."]
    order = mx(dns, "a.test")
    assert set(order[:2]) == {"a.a.test", "b.a.test"}
    assert order[2] == "c.a.test"


def test_a_domain_without_mx_is_its_own_host(dns: FakeDns) -> None:
    dns.zone["four.test", "A"] = ["1.2.3.4"]
    dns.zone["six.test", "AAAA"] = ["2606:4700::1"]
    assert mx(dns, "four.test") == ["four.test"]
    assert mx(dns, "six.test") == ["six.test"]


def test_a_null_mx_is_final(dns: FakeDns) -> None:
    dns.zone["never.test", "MX"] = ["0 ."]
    dns.zone["never.test", "A"] = ["1.2.3.4"]
    with pytest.raises(NullMx):
        mx(dns, "never.test")


def test_mail_for_an_alias_goes_to_the_hosts_of_its_target(dns: FakeDns) -> None:
    dns.zone["alias.test", "CNAME"] = ["a.test."]
    dns.zone["a.test", "MX"] = ["10 mx.a.test."]
    assert mx(dns, "alias.test") == ["mx.a.test"]


def test_no_domain_is_permanent_and_a_broken_one_temporary(dns: FakeDns) -> None:
    dns.broken["fail.test"] = SERVFAIL
    dns.zone["text.test", "TXT"] = ['"x"']
    for domain, error in (("none.test", NameMissing), ("text.test", NameMissing), ("fail.test", DnsFailed)):
        with pytest.raises(error):
            mx(dns, domain)


def test_text_records_are_joined_and_addresses_named(dns: FakeDns) -> None:
    dns.zone["a.test", "TXT"] = ['"v=spf1 " "-all"']
    dns.zone["4.3.2.1.in-addr.arpa", "PTR"] = ["mx.a.test."]
    policy = policy_of(dns)
    assert asyncio.run(net.dns_txt("a.test", policy=policy)) == [b"v=spf1 -all"]
    assert asyncio.run(net.dns_ptr("1.2.3.4", policy=policy)) == ["mx.a.test"]


def test_texts_are_kept_for_their_time_and_asked_once_by_a_crowd(dns: FakeDns) -> None:
    """The fake's records last 60 seconds behind a CNAME and none at all without; what is not there, a while."""
    dns.zone["alias.test", "CNAME"] = ["real.test."]
    dns.zone["real.test", "TXT"] = ['"a" "b\\255"']
    dns.broken["dead.test"] = SERVFAIL

    async def ask() -> None:
        answers = Answers(policy_of(dns))
        found = await asyncio.gather(*(answers("alias.test", "TXT") for _ in range(20)))
        assert set(found) == {("ab\xff",)}
        assert [await answers("NONE.test.", "TXT") for _ in range(3)] == [(), (), ()]
        for name in ("x" * 64 + ".test", "a..test", "\xff.test"):
            assert await answers(name, "TXT") == ()
        for _ in range(2):
            with pytest.raises(NoAnswer):
                await answers("dead.test", "MX")
        for _ in range(2):
            await answers("real.test", "TXT")

    asyncio.run(ask())
    assert dns.asked["alias.test", "TXT"] == dns.asked["none.test", "TXT"] == 1
    failed = dns.asked["dead.test", "MX"]
    assert 1 <= failed <= 6, "the resolver itself tries again, whoever asks next is told at once"
    assert dns.asked["real.test", "TXT"] == 2


def test_who_gives_up_waiting_does_not_take_the_answer_from_others(dns: FakeDns) -> None:
    dns.broken["slow.test"] = SILENCE

    async def ask() -> None:
        answers = Answers(policy_of(dns))
        hasty = asyncio.ensure_future(answers("slow.test", "A"))
        patient = asyncio.ensure_future(answers("slow.test", "A"))
        await asyncio.sleep(0.05)
        hasty.cancel()
        with pytest.raises(NoAnswer):
            await patient

    asyncio.run(ask())
