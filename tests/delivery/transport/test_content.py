"""Messages that stay in their file while they are sent: the same bytes as from memory, and little memory."""

from __future__ import annotations

import asyncio
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.base.net import NetPolicy
from posthouse.base.spool import Spool, Spooled
from posthouse.delivery.transport import Hop, Mail, Outcome, Timeouts, form_of, send
from posthouse.delivery.transport.content import BLOCK_BYTES, dotted
from posthouse.wire.auth import dkim_sign
from posthouse.wire.auth.dkim_sign import ED25519, SigningKey, new_private
from posthouse.wire.budget import Budget
from posthouse.wire.smtp.content import has_bare_bytes

HEAD = b"From: alice@a.test\r\nTo: bob@b.test\r\nSubject: Large\r\nContent-Type: text/plain\r\n\r\n"
DOTS = b".\r\n..\r\n.dot\r\n"
TRACE = b"Posthouse-Trace: ph1-x\r\n"
TIMEOUTS = Timeouts(command=10, message=10, content=10)
KEY = SigningKey(domain="a.test", selector="s1", private=new_private(ED25519))


def spooled(folder: Path, raw: bytes) -> Spooled:
    file = Spool(folder, budget=Budget(10**9)).open()
    file.write(raw)
    return file.finish()


def filled(*ends: bytes) -> bytes:
    """A message of some blocks, where each but the last begins with one of the ends, as exactly as lines allow."""
    raw = HEAD
    for end in ends:
        short = BLOCK_BYTES - len(raw) % BLOCK_BYTES
        raw += b"x" * (short - 1) + end
    return raw + b"x\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Hello\r\n",
        HEAD + "Grüße\r\n".encode(),
        "Subject: Grüße\r\n\r\nHello\r\n".encode(),
        HEAD + b"a lone\nline end\r\n",
        HEAD + b"ends in a CR\r",
        HEAD + b"\0\r\n",
        b"\r\nno header\r\n",
        b"",
        filled(b"\r\n", b"\r\n"),
        filled(b"\r", b"\r\n"),
        filled(b"\n", b"\r\n"),
        filled(b"\r\n", b"\xc3\xa9\r\n"),
    ],
    ids=range(12),
)
def test_a_file_has_the_form_of_its_bytes(tmp_path: Path, raw: bytes) -> None:
    found = form_of(raw)
    if raw:
        assert form_of(spooled(tmp_path, raw)) == found
    assert found.is_8bit is not raw.isascii()
    assert found.has_8bit_header is not raw.partition(b"\r\n\r\n")[0].isascii()
    assert found.has_bare_bytes is has_bare_bytes(raw)


@given(st.lists(st.sampled_from([b"\r\n", b".", b"..", b"x"]), max_size=12))
def test_leading_dots_are_doubled_and_no_others(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    doubled = b"".join(
        b"." + line if line.startswith(b".") else line for line in raw.splitlines(keepends=True)
    )
    assert b"".join(dotted(raw)) == doubled


def test_dots_are_doubled_where_blocks_meet(tmp_path: Path) -> None:
    raw = filled(*[b"\r\n." for _ in range(4)]) + DOTS
    expected = raw.replace(b"\r\n.", b"\r\n..")
    assert b"".join(dotted(raw)) == b"".join(dotted(spooled(tmp_path, raw))) == expected


class Sink:
    """Takes one message, by BDAT or DATA, and keeps it or, with `keeps` False, its size."""

    def __init__(self, *extensions: bytes, keeps: bool = True) -> None:
        self.extensions, self.keeps = extensions, keeps
        self.heard, self.size_bytes = b"", 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 them.test\r\n")
        while line := await reader.readline():
            verb = line.split()[0].upper()
            if verb == b"EHLO":
                writer.write(b"".join(b"250-" + word + b"\r\n" for word in (b"them.test", *self.extensions)))
                writer.write(b"250 8BITMIME\r\n")
                continue
            if verb == b"BDAT":
                await self._take(reader, int(line.split()[1]))
            if verb == b"DATA":
                writer.write(b"354 go\r\n")
                self.heard = await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 2.0.0 ok\r\n")

    async def _take(self, reader: asyncio.StreamReader, left: int) -> None:
        self.size_bytes = left
        while left:
            piece = await reader.read(min(left, 65_536))
            left -= len(piece)
            if self.keeps:
                self.heard += piece


def carried(sink: Sink, mail: Mail) -> list[Outcome]:
    async def scenario() -> list[Outcome]:
        server = await asyncio.start_server(sink.serve, "127.0.0.1", 0, limit=10**8)
        hop = Hop(host="127.0.0.1", port=server.sockets[0].getsockname()[1], is_configured=True)
        try:
            return await send(mail, hop=hop, helo="us.test", policy=NetPolicy(), timeouts=TIMEOUTS)
        finally:
            server.close()

    return asyncio.run(scenario())


def mail_of(message: bytes) -> Mail:
    async def seal(content: bytes) -> bytes:
        return dkim_sign.signatures(content, [KEY], now=1)

    return Mail(sender="alice@a.test", recipients=("bob@b.test",), message=message, head=TRACE, seal=seal)


@pytest.mark.parametrize("extensions", [(b"CHUNKING", b"PIPELINING"), (b"PIPELINING",), ()], ids=str)
@pytest.mark.parametrize("end", [b"", b"no line end", DOTS])
def test_what_goes_out_is_the_same_as_from_memory(
    tmp_path: Path, extensions: tuple[bytes, ...], end: bytes
) -> None:
    raw = filled(b"\r\n.", b"\r\n..", b"\r\n") + end
    heard = []
    for message in (raw, spooled(tmp_path, raw)):
        sink = Sink(*extensions)
        (outcome,) = carried(sink, mail_of(message))
        assert outcome.code == 250
        heard.append(sink.heard)
    assert heard[0] == heard[1]
    plain = (
        heard[0]
        if b"CHUNKING" in extensions
        else heard[0].removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
    )
    whole = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    assert plain == dkim_sign.signatures(whole, [KEY], now=1) + TRACE + whole


def test_a_file_with_lone_line_ends_goes_out_in_lines(tmp_path: Path) -> None:
    sink = Sink(b"CHUNKING")
    carried(sink, mail_of(spooled(tmp_path, HEAD + b"one\ntwo\rthree\r\n")))
    assert sink.heard.endswith(b"\r\n\r\none\r\ntwo\r\nthree\r\n")


def test_a_large_file_is_sent_in_little_memory(tmp_path: Path) -> None:
    raw = HEAD + (b"x" * 70 + b"\r\n") * 280_000
    mail, sink = mail_of(spooled(tmp_path, raw)), Sink(b"CHUNKING", keeps=False)
    size_bytes = len(raw)
    del raw
    tracemalloc.start()
    try:
        (outcome,) = carried(sink, mail)
        grown = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert outcome.code == 250
    assert sink.size_bytes > size_bytes > 20_000_000
    assert grown < size_bytes // 3, "a slice, a block that is hashed, the buffers of both sides"
