"""IMAP behind a proxy that says whose connection it passes on: who is counted, told of, and refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

import pytest

from posthouse.wire.proxy_header import SIGNATURE
from tests.api.client import log_in
from tests.cast import PASSWORD, Cast
from tests.delivery.outside import until
from tests.house import RunningHouse

V1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 4321 143\r\n"
V2 = SIGNATURE + b"\x21\x11\x00\x0c" + bytes([192, 0, 2, 7, 198, 51, 100, 1, 16, 225, 0, 143])


@contextmanager
def door(house: RunningHouse, *, proxies: str = "127.0.0.0/8") -> Iterator[int]:
    from posthouse.imapd.server import ImapServer
    from posthouse.imapd.settings import Settings

    settings = Settings(
        hostname="mail.posthouse.test",
        allow_plain_login=True,
        max_connections_per_ip=1,
        proxies=(ip_network(proxies),),
    )
    with house.one_more_door(lambda: ImapServer(settings)) as port:
        yield port


@contextmanager
def connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        yield client


def said(client: socket.socket) -> bytes:
    try:
        return client.recv(65536)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("header", [V1, V2], ids=["v1", "v2"])
def test_the_log_names_the_true_peer(house: RunningHouse, cast: Cast, header: bytes) -> None:
    with door(house) as port, connection(port) as client:
        client.sendall(header + f"a LOGIN {cast.alice.email} {PASSWORD!r}\r\n".replace("'", '"').encode())
        until(lambda: b"a OK" in said(client))
    alice = log_in(house, cast.alice)
    lines = until(lambda: alice.get("/audit/", via="imap", act="login.ok").json["items"])
    assert {line["ip"] for line in lines} == {"192.0.2.7"}


def test_connections_are_counted_for_the_true_peer(house: RunningHouse) -> None:
    with door(house) as port, connection(port) as first, connection(port) as second:
        first.sendall(V1)
        assert said(first).startswith(b"* OK ")
        second.sendall(V1)
        assert said(second).startswith(b"* BYE ")


def test_who_leaves_it_out_is_cut_off_and_who_forges_it_is_not_believed(house: RunningHouse) -> None:
    with door(house) as port, connection(port) as client:
        client.sendall(b"a NOOP\r\n")
        assert said(client) == b""
    with door(house, proxies="192.0.2.0/24") as port, connection(port) as client:
        assert said(client).startswith(b"* OK ")
        client.sendall(V1 + b"a LOGOUT\r\n")
        assert b" BAD " in said(client)
