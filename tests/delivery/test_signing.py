"""Mail that leaves is signed with keys that the DNS publishes, and with no others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dkim as dkimpy
import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.base.fake_dns import SERVFAIL, FakeDns, fake_dns
from tests.cast import Cast
from tests.delivery.outside import outside, send, settled
from tests.house import RunningHouse

TEXT = "Grüße\r\n.dot\r\n"


@pytest.fixture
def dns(house: RunningHouse) -> Iterator[FakeDns]:
    with house_asks() as server:
        yield server


@contextmanager
def house_asks() -> Iterator[FakeDns]:
    """A DNS that the house asks, with nothing in it."""
    from posthouse.base import net
    from posthouse.delivery.domains import signing

    before = net.policy()
    with fake_dns() as server:
        net.configure(
            net.NetPolicy(dns_server=server.address, dns_timeout=1, allow_nets=net.parse_nets("127.0.0.0/8"))
        )
        signing.forget()
        try:
            yield server
        finally:
            net.configure(before)


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def key_records(alice: Client, *, is_new: bool = True) -> dict[str, str]:
    """Records of the domain's keys, after a new pair was made."""
    (domain,) = alice.get("/domains/").json["items"]
    if is_new:
        domain = alice.ok(alice.post(f"/domains/{domain['id']}/keys/"), 201)
    return {one["name"]: one["value"] for one in domain["records"] if "._domainkey." in one["name"]}


def publish(dns: FakeDns, records: dict[str, str]) -> None:
    from posthouse.delivery.domains import signing

    for name, text in records.items():
        parts = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
        dns.zone[name, "TXT"] = [parts]
    signing.forget()


def received(house: RunningHouse, cast: Cast, **script: Any) -> bytes:
    """What another server gets of a mail of Alice's."""
    raw = make.message(sender=cast.alice.email, to="zoe@other.test", subject="Signed", text=TEXT)
    with outside(house, "other.test", **script) as peer:
        sent = send(cast.alice, "zoe@other.test", raw=raw)
        assert settled(sent.submission_id)["zoe@other.test"][0] == "delivered"
    return peer.messages[0].removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")


def selectors(mail: bytes) -> list[str]:
    import email

    fields = email.message_from_bytes(mail).get_all("DKIM-Signature") or []
    return [tag.strip()[2:] for field in fields for tag in field.split(";") if tag.strip().startswith("s=")]


def is_verified(mail: bytes, records: dict[str, str]) -> bool:
    def txt(name: bytes, timeout: int = 5) -> bytes:
        return records[name.decode().rstrip(".")].encode()

    return bool(dkimpy.DKIM(mail).verify(idx=0, dnsfunc=txt))


def test_published_keys_sign(house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns) -> None:
    assert selectors(received(house, cast)) == [], "there are no keys"
    records = key_records(alice)
    assert sorted(text.split("; ")[1] for text in records.values()) == ["k=ed25519", "k=rsa"]
    assert selectors(received(house, cast)) == [], "not published"
    publish(dns, records)
    mail = received(house, cast)
    assert [f"{one}._domainkey.{cast.domain}" for one in selectors(mail)] == sorted(records, reverse=True)
    assert is_verified(mail, records)


def test_a_mail_that_is_rewritten_for_an_old_server_is_signed_as_it_goes(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns
) -> None:
    records = key_records(alice)
    publish(dns, records)
    mail = received(house, cast, extensions=["SIZE 0"])
    assert mail.isascii() and is_verified(mail, records)


def test_new_keys_sign_once_they_are_published(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns
) -> None:
    first = key_records(alice)
    publish(dns, first)
    both = key_records(alice)
    assert len(both) == 4 and first.items() <= both.items()
    assert is_verified(received(house, cast), first), "the old ones sign until then"
    second = {name: text for name, text in both.items() if name not in first}
    publish(dns, second)
    assert {f"{one}._domainkey.{cast.domain}" for one in selectors(received(house, cast))} == set(second)
    assert len(key_records(alice)) == 4, "two pairs are kept"


def test_a_dead_dns_keeps_nobody_from_signing(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns
) -> None:
    from posthouse.delivery.domains import signing

    records = key_records(alice)
    dns.broken.update(dict.fromkeys(records, SERVFAIL))
    signing.forget()
    assert is_verified(received(house, cast), records)


def test_another_key_under_the_name_does_not_count(
    house: RunningHouse, cast: Cast, alice: Client, dns: FakeDns
) -> None:
    records = key_records(alice)
    names = sorted(records)
    publish(dns, {names[0]: records[names[1]], names[1]: records[names[0]]})
    assert selectors(received(house, cast)) == []


def test_keys_are_for_those_who_manage_domains(house: RunningHouse, cast: Cast, alice: Client) -> None:
    (domain,) = alice.get("/domains/").json["items"]
    for person, status in ((cast.bob, 403), (cast.mallory, 404)):
        answer = log_in(house, person).post(f"/domains/{domain['id']}/keys/")
        assert answer.status == status, person.email
    assert key_records(alice, is_new=False) == {}


def test_the_private_key_is_nowhere_in_clear(house: RunningHouse, cast: Cast, alice: Client) -> None:
    from posthouse.identity.models import DomainKey

    key_records(alice)
    for row in DomainKey.objects.filter(domain__name=cast.domain):
        assert row.private.startswith("s1.")
