"""What strangers may do to the HTTP door before anybody knows them: bytes without end, and waiting without end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn

from posthouse.config.http_protocol import MAX_HEAD_BYTES, HttpProtocol
from tests.house import RunningHouse

MOST_SENT = 1024 * 1024
ENOUGH_SECONDS = 20


class Small(HttpProtocol):
    head_seconds = 1.5
    body_seconds = 3.0
    max_connections = 6
    max_connections_per_ip = 4
    is_loopback_exempt = False
    per_ip: Counter[str] = Counter()


async def _app(scope: Any, receive: Any, send: Any) -> None:
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        if not message["more_body"]:
            break
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def door() -> Iterator[tuple[str, int]]:
    """A door with small limits that answers how long the body was."""
    Small.per_ip.clear()
    config = uvicorn.Config(_app, http=Small, log_config=None, lifespan="off", timeout_keep_alive=30)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()
        server.should_exit = True
        thread.join(ENOUGH_SECONDS)


def _connected(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, timeout=ENOUGH_SECONDS)


def _flood(client: socket.socket, begin: bytes, more: bytes) -> bytes:
    """What was said at the end; raises TimeoutError where there is none."""
    with contextlib.suppress(ConnectionError):
        client.sendall(begin)
        for _ in range(MOST_SENT // len(more)):
            client.sendall(more)
    with contextlib.suppress(ConnectionError):
        return client.recv(4096)
    return b""


def _ends(client: socket.socket) -> bool:
    """Whether the server ends the connection, without a word."""
    try:
        return client.recv(4096) == b""
    except ConnectionError:
        return True


ENDLESS = {
    "many fields": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: " + b"a" * 4_000 + b"\r\n"),
    "one field": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"a" * 4_000),
    "one name": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"a" * 4_000),
    "the address": (b"GET /", b"a" * 4_000),
    "blank lines": (b"", b"\r\n" * 2_000),
    "the mark of a chunk": (
        b"POST /api/v1/auth/token/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"a" * 4_000,
    ),
    "trailers": (
        b"POST /api/v1/auth/token/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
        b"X-A: " + b"a" * 4_000 + b"\r\n",
    ),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_bytes_without_end_are_not_kept(house: RunningHouse, kind: str) -> None:
    """Sooner than time would end it."""
    assert HttpProtocol.head_seconds > ENOUGH_SECONDS < HttpProtocol.body_seconds
    parts = urlsplit(house.http)
    with _connected((str(parts.hostname), int(parts.port or 0))) as client:
        said = _flood(client, *ENDLESS[kind])
    assert said == b"" or said.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))


def test_a_head_of_some_length_is_read(door: tuple[str, int]) -> None:
    with _connected(door) as client:
        client.sendall(
            b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * (MAX_HEAD_BYTES - 1_000) + b"\r\n\r\n"
        )
        assert client.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_long_body_in_small_chunks_is_read(door: tuple[str, int]) -> None:
    count = 20_000
    with _connected(door) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall(b"8;x=y\r\nabcdefgh\r\n" * count + b"0\r\nX-Sum: 1\r\n\r\n")
        assert client.recv(4096).endswith(str(8 * count).encode())


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\r\n",
    ],
)
def test_who_stops_in_the_middle_is_not_waited_for(door: tuple[str, int], said: bytes) -> None:
    with _connected(door) as client:
        client.sendall(said)
        if said.endswith(b"\r\n\r\n\r\n"):
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
            client.sendall(b"\r\n")  # blank lines are no request, and keep no connection
        assert _ends(client)


def test_a_head_byte_by_byte_buys_no_time_and_a_body_that_comes_does(door: tuple[str, int]) -> None:
    with _connected(door) as slow, _connected(door) as steady:
        steady.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n")
        slow.sendall(b"GET / HTTP/1.1\r\nX-A: ")
        for _ in range(8):
            time.sleep(Small.body_seconds / 7)
            steady.sendall(b"a")
            with contextlib.suppress(ConnectionError):
                slow.sendall(b"a")
        assert steady.recv(4096).endswith(b"8")
        assert _ends(slow)


def test_a_connection_between_two_requests_may_rest(door: tuple[str, int]) -> None:
    with _connected(door) as client:
        for _ in range(2):
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
            time.sleep(1.2 * Small.head_seconds)


def test_one_place_has_so_many_connections_and_gets_them_back(door: tuple[str, int]) -> None:
    ask = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with contextlib.ExitStack() as crowd:
        held = [crowd.enter_context(_connected(door)) for _ in range(Small.max_connections_per_ip)]
        for client in held:
            client.sendall(ask)
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
        with _connected(door) as one_more:
            assert _ends(one_more)
    ends = time.monotonic() + ENOUGH_SECONDS
    while Small.per_ip and time.monotonic() < ends:
        time.sleep(0.01)
    with _connected(door) as client:
        client.sendall(ask)
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
