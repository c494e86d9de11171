"""A domain of the outside world as the house finds it: its DNS, the page with its policy, its server's certificate."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.base.fake_dns import FakeDns
from tests.delivery.transport.authority import Authority
from tests.house import RunningHouse

DOMAIN, MX = "sts.test", "mx.sts.test"
POLICY = "version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: {age}\n"


class Site:
    """The web server of a domain; `status`, `kind` and `text` are what it answers."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.status, self.kind, self.text, self.asked, self.port = 200, "text/plain", "", 0, 0
        self._context = context

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            assert asked.startswith(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\n")
            self.asked += 1
            body = self.text.encode()
            head = (
                f"HTTP/1.1 {self.status} OK\r\nContent-Type: {self.kind}\r\nContent-Length: {len(body)}\r\n"
            )
            writer.write(f"{head}Location: /elsewhere\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
        finally:
            writer.close()


@contextmanager
def known_to(
    house: RunningHouse, dns: FakeDns, authority: Authority, *, page: ssl.SSLContext | None = None
) -> Iterator[Site]:
    """The house asks this DNS and trusts this authority, and no policy is known to it yet. `page` is the certificate of
    the policy's page."""
    from posthouse.base import net
    from posthouse.delivery import setup

    made = Site(page or authority.server(f"mta-sts.{DOMAIN}")[0])
    server = house.call(made.open())
    before, policy = setup.current(), net.policy()
    net.configure(
        net.NetPolicy(
            dns_server=dns.address,
            dns_timeout=1,
            allow_nets=net.parse_nets("127.0.0.0/8"),
            ca_file=str(authority.file),
        )
    )
    setup._setup = replace(before, sts_port=made.port)
    forget_policies()
    try:
        yield made
    finally:
        setup._setup = before
        net.configure(policy)
        house.loop.call_soon_threadsafe(server.close)


@contextmanager
def mx_port(port: int) -> Iterator[None]:
    """Where the servers that the DNS names are asked."""
    from posthouse.delivery import setup

    before = setup.current()
    setup._setup = replace(before, routes=replace(before.routes, mx_port=port))
    try:
        yield
    finally:
        setup._setup = before


@contextmanager
def routed(domain: str, host: str, port: int) -> Iterator[None]:
    """Which server the operator named for a domain."""
    from posthouse.delivery import setup

    before = setup.current()
    setup._setup = replace(before, routes=replace(before.routes, static={domain: (host, port)}))
    try:
        yield
    finally:
        setup._setup = before


@contextmanager
def dane_demanded(*domains: str) -> Iterator[None]:
    """The operator lets mail go to these only where DANE proves who takes it."""
    from posthouse.delivery import setup

    before = setup.current()
    setup._setup = replace(before, routes=replace(before.routes, dane_required=frozenset(domains)))
    try:
        yield
    finally:
        setup._setup = before


def proofs(submission_id: int) -> list[str]:
    from posthouse.delivery.models import Recipient

    return list(Recipient.objects.filter(submission_id=submission_id).values_list("proof", flat=True))


def forget_policies() -> None:
    from posthouse.base import db
    from posthouse.delivery.domains import sts
    from posthouse.delivery.models import StsPolicy

    sts._failed.clear()
    db.action(lambda: StsPolicy.objects.all().delete())()
