"""ARC: chains that dkimpy seals, whole, cut, doubled and broken."""

from __future__ import annotations

import time

import dkim as dkimpy
import pytest

from posthouse.wire.auth import arc
from posthouse.wire.auth.arc import Arc
from posthouse.wire.auth.message import Message
from tests.wire.auth.test_dkim import MAIL, RSA
from tests.wire.auth.zone import Zone, finish

DOMAINS = ("list.example", "forwarder.example", "third.example")
DNS = {(f"key._domainkey.{domain}", "TXT"): [RSA.record] for domain in DOMAINS}


def sealed(content: bytes, domain: str, *, before: bytes | None = None) -> bytes:
    """dkimpy wants an Authentication-Results of the sealer's to seal."""
    name = domain.encode()
    before = before or (b"pass" if b"ARC-Seal" in content else b"none")
    said = b"; arc=" + before + b"; dmarc=pass header.from=bank.example\r\n"
    content = b"Authentication-Results: " + name + said + content
    found = dkimpy.arc_sign(
        content, b"key", name, RSA.pem, name, include_headers=[b"from", b"to", b"subject"]
    )
    return b"".join(found) + content


def chain(count: int) -> bytes:
    content = MAIL
    for domain in DOMAINS[:count]:
        content = sealed(content, domain)
    return content


def verify(content: bytes, dns: Zone | None = None) -> Arc:
    return finish(arc.verify(dns or Zone(DNS), Message(content), now=int(time.time())))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_whole_chain(count: int) -> None:
    found = verify(chain(count))

    assert (found.result, found.problem) == ("pass", "")
    assert found.sealers == DOMAINS[:count]
    assert [header.of("dmarc")[0].get("header.from") for header in found.seen] == ["bank.example"] * count


def test_mail_without_a_chain() -> None:
    assert verify(MAIL).result == "none"


@pytest.mark.parametrize(
    ("was", "became"),
    [
        (b"Hello", b"Hallo"),
        (b"From: Ann", b"From: Ben"),
        (b"dmarc=pass", b"dmarc=fail"),
        (b"ARC-Seal: i=1", b"ARC-Seal: i=4"),
        (b"ARC-Seal: i=1", b"X-Seal: i=1"),
        (b"ARC-Message-Signature: i=1", b"X-Message-Signature: i=1"),
        (b"ARC-Authentication-Results: i=2", b"ARC-Authentication-Results: i=1"),
        (b"cv=none", b"cv=pass"),
    ],
)
def test_a_broken_chain(was: bytes, became: bytes) -> None:
    content = chain(2)
    assert was in content

    found = verify(content.replace(was, became, 1))

    assert (found.result, found.sealers) == ("fail", ())


def test_a_chain_that_somebody_said_was_broken_stays_broken() -> None:
    broken = chain(1).replace(b"Hello", b"Hallo")

    assert verify(sealed(broken, "third.example", before=b"fail")).result == "fail"


def test_a_chain_longer_than_we_follow() -> None:
    fields = b"".join(
        b"ARC-Seal: i=%d; cv=pass; d=a.test; s=k\r\nARC-Message-Signature: i=%d\r\n"
        b"ARC-Authentication-Results: i=%d; x\r\n" % (n, n, n)
        for n in range(1, 2_000)
    )
    dns = Zone(DNS)

    assert verify(fields + MAIL, dns).result == "fail"
    assert dns.asked == []


def test_a_dead_dns_is_temporary() -> None:
    dns = Zone(DNS)
    dns.dead.add("key._domainkey.list.example")

    assert verify(chain(1), dns).result == "temperror"
