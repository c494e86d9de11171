"""A door that checks senders, with a DNS of its own: it asks for everybody, also for us on loopback."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.base.fake_dns import FakeDns, fake_dns
from tests.cast import Person
from tests.house import RunningHouse
from tests.wire.auth.test_dkim import RSA

HOST = "mail.posthouse.test"
MAIL = (
    b"From: Ann <ann@bank.example>\r\nTo: x@y.test\r\nSubject: Account\r\n"
    b"Date: Fri, 27 Nov 2026 10:00:00 +0000\r\n\r\nHello\r\n"
)


@contextmanager
def published() -> Iterator[FakeDns]:
    """The DNS of bank.example, which asks to refuse forged mail, and of some others."""
    with fake_dns() as server:
        zone = server.zone
        zone["bank.example", "TXT"] = [strings("v=spf1 ip4:127.0.0.1 -all")]
        zone["evil.example", "TXT"] = [strings("v=spf1 ip4:127.0.0.1 -all")]
        zone["away.example", "TXT"] = [strings("v=spf1 ip4:192.0.2.1 -all")]
        zone["_dmarc.bank.example", "TXT"] = [strings("v=DMARC1; p=reject")]
        zone["_dmarc.soft.example", "TXT"] = [strings("v=DMARC1; p=quarantine")]
        zone["_dmarc.watch.example", "TXT"] = [strings("v=DMARC1; p=none")]
        zone["key._domainkey.bank.example", "TXT"] = [strings(RSA.record)]
        zone["key._domainkey.list.example", "TXT"] = [strings(RSA.record)]
        yield server


def strings(text: str) -> str:
    """A TXT record of more than 255 characters is several strings."""
    return " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))


@contextmanager
def door(house: RunningHouse, dns: FakeDns, **given: Any) -> Iterator[int]:
    from posthouse.base.net_guard import NetPolicy
    from posthouse.smtpd.mx import Mx
    from posthouse.smtpd.senders import Senders
    from posthouse.smtpd.server import SmtpServer
    from posthouse.smtpd.settings import Settings
    from posthouse.wire.budget import Budget
    from posthouse.wire.smtp.envelope import Service

    given.setdefault("trusted_peers", ())
    keeps_refused = given.pop("keeps_refused", True)

    def make() -> SmtpServer:
        senders = Senders(hostname=HOST, policy=NetPolicy(dns_server=dns.address), **given)
        handler = Mx(hostname=HOST, senders=senders, keeps_refused=keeps_refused).handler()
        settings = Settings(service=Service.MX, hostname=HOST)
        return SmtpServer(settings, handler, budget=Budget(10**8), judged=given.get("judged"))

    with house.one_more_door(make) as port:
        yield port


def hand_in(port: int, to: Person, content: bytes = MAIL, *, sender: str = "ann@bank.example") -> bytes:
    """The answer to the content, as `250 2.0.0 …`."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo("mx.bank.example")
        client.mail(sender)
        client.rcpt(to.email)
        code, text = client.data(content)
        return b"%d %s" % (code, text)
