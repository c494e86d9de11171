"""COMPRESS=DEFLATE over a socket, with and without TLS; a few bytes that inflate to many (RFC 4978)."""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import psutil
import pytest

from tests import make
from tests.imapd.client import Client

Connect = Callable[..., Client]


class Deflated(BytesIO):
    """What the server says, inflated as it comes; and what is sent, deflated."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._socket: socket.socket = client._socket
        self._inflater = zlib.decompressobj(-15)
        self._deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        self._held = b""

    def sendall(self, data: bytes) -> None:
        self._socket.sendall(self.deflated(data))

    def deflated(self, data: bytes) -> bytes:
        return self._deflater.compress(data) + self._deflater.flush(zlib.Z_SYNC_FLUSH)

    def close(self) -> None:
        self._socket.close()

    def _more(self) -> bool:
        data = self._socket.recv(65536)
        self._held += self._inflater.decompress(data)
        return bool(data)

    def readline(self, _: int | None = -1) -> bytes:
        while b"\n" not in self._held and self._more():
            continue
        line, mark, self._held = self._held.partition(b"\n")
        return line + mark

    def read(self, size: int | None = -1) -> bytes:
        size = size or 0
        while len(self._held) < size and self._more():
            continue
        taken, self._held = self._held[:size], self._held[size:]
        return taken


def compress(client: Client) -> Deflated:
    client.ok(b"COMPRESS DEFLATE")
    pipe = Deflated(client)
    client._file = pipe  # type: ignore[assignment]
    client._socket = pipe  # type: ignore[assignment]
    return pipe


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.rfc("4978")
def test_both_ways(connect: Connect, tls: bool) -> None:
    client = connect(tls=tls)
    assert b"COMPRESS=DEFLATE" in client.ok(b"CAPABILITY").untagged[0].split()
    pipe = compress(client)
    assert b"COMPRESS=DEFLATE" not in client.ok(b"CAPABILITY").untagged[0]
    assert client.run(b"COMPRESS DEFLATE").tagged.startswith(b"NO [COMPRESSIONACTIVE] ")
    raw = make.message(text="".join(f"line {number} of many\r\n" for number in range(30_000)))
    client.append(raw)
    (line,) = client.ok(b"FETCH 1 BODY.PEEK[]").untagged
    assert raw in line
    tag = client.idle()
    make_tag = pipe.deflated(b"DONE\r\nz1 NOOP\r\nz2 NOOP\r\n")
    for byte in make_tag:
        pipe._socket.sendall(bytes([byte]))
    assert client.finish(tag).is_ok
    assert client.finish(b"z1").is_ok and client.finish(b"z2").is_ok


@pytest.mark.rfc("4978")
def test_news_comes_compressed(connect: Connect) -> None:
    client, other = connect(), connect()
    compress(client)
    client.idle()
    other.append(make.message())
    assert client.line() == b"* 1 EXISTS"


@pytest.mark.rfc("4978")
def test_other_algorithms_and_strangers(connect: Connect) -> None:
    client = connect()
    assert client.run(b"COMPRESS LZ4").tagged.startswith(b"NO ")
    assert client.run(b"COMPRESS").tagged.startswith(b"BAD ")
    assert client.ok(b"NOOP").is_ok
    assert connect(is_stranger=True).run(b"COMPRESS DEFLATE").tagged.startswith(b"BAD ")


def test_what_is_not_deflate_is_the_end(connect: Connect) -> None:
    client = connect()
    pipe = compress(client)
    pipe._socket.sendall(b"\xff\xff\xff\xff plain words")
    assert pipe._socket.recv(100) == b""


def test_a_bomb_takes_no_memory_and_is_no_command(connect: Connect) -> None:
    """Half a gigabyte of zeros in half a megabyte: after 256 KiB the line is too long, and no more is looked at."""
    client, other = connect(), connect()
    pipe = compress(client)
    bomb = pipe.deflated(b"\0" * (512 << 20))
    before = psutil.Process().memory_info().rss
    begun = time.monotonic()
    with suppress(OSError):
        pipe._socket.sendall(bomb)
    assert other.ok(b"NOOP").is_ok
    assert time.monotonic() - begun < 5
    with suppress(ConnectionResetError):
        while line := pipe.readline():
            assert line.startswith((b"* BAD ", b"* BYE "))
    assert psutil.Process().memory_info().rss - before < 100 << 20


def test_a_large_message_that_deflates_well_is_taken(connect: Connect) -> None:
    """Much is inflated from little here too, and all of it is wanted."""
    client = connect()
    compress(client)
    raw = b"Subject: zeros\r\n\r\n" + b"0" * (8 << 20)
    client.append(raw)
    assert client.ok(b"FETCH 1 RFC822.SIZE").untagged == [b"* 1 FETCH (RFC822.SIZE %d)" % len(raw)]
