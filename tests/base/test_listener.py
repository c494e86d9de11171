"""Whom a mail door counts a connection for: an IPv4 client by its address, also mapped; an IPv6 client by its /64."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.house import RunningHouse


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


pytestmark = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")


@pytest.fixture
def port(house: RunningHouse) -> Iterator[int]:
    """An IMAP door on both kinds of address that lets two in from one place."""
    from posthouse.imapd.server import ImapServer
    from posthouse.imapd.settings import Settings

    settings = Settings(hostname="mail.posthouse.test", max_connections_per_ip=2, is_loopback_exempt=False)
    sock = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    with house.one_more_door(lambda: ImapServer(settings), sock=sock) as opened:
        yield opened


def greeted(stack: ExitStack, host: str, port: int) -> bytes:
    connection = stack.enter_context(socket.create_connection((host, port), timeout=10))
    return stack.enter_context(connection.makefile("rb")).readline()


def test_each_kind_of_address_has_its_own_count(port: int) -> None:
    with ExitStack() as stack:
        for host in ("::1", "127.0.0.1"):
            said = [greeted(stack, host, port) for _ in range(3)]
            assert [line.startswith(b"* OK") for line in said] == [True, True, False], host
            assert said[2].startswith(b"* BYE [UNAVAILABLE]")
    with ExitStack() as stack:
        assert greeted(stack, "::1", port).startswith(b"* "), "those who left make room"
