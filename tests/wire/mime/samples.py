"""Messages and strategies that several tests here read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st

from posthouse.wire.mime.part import Part
from posthouse.wire.mime.scan import scan
from tests.programs import CORPUS, need_corpus


def crlf(text: str) -> bytes:
    return text.lstrip("\n").encode("utf-8").replace(b"\n", b"\r\n")


NESTED = crlf(
    """
From: Alice <alice@example.test>
To: Bob <bob@example.test>
Subject: Nested
Date: Fri, 20 Nov 2026 11:11:10 +0100
Message-ID: <nested@example.test>
Content-Type: multipart/mixed; boundary="outer"

preamble
--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=utf-8

plain words
--inner
Content-Type: text/html; charset=utf-8

<p>rich words</p>
--inner--
inner epilogue
--outer
Content-Type: message/rfc822

Subject: Carried
From: carol@example.test

carried words
--outer
Content-Type: image/png; name="a.png"
Content-Disposition: attachment; filename="a.png"
Content-Transfer-Encoding: base64

iVBORw==
--outer
Content-Type: message/rfc822

Content-Type: multipart/mixed; boundary="deep"
Subject: Deep

--deep

first
--deep

second
--deep--
--outer--
epilogue
"""
)


def structure(raw: bytes) -> Part:
    return scan(raw).root


def shape(part: Part) -> tuple[str, list[object]]:
    return part.content_type, [shape(child) for child in part.children]


def corpus_messages() -> list[bytes]:
    """Every message of the corpus with CRLF line ends; not without it."""
    need_corpus()
    return [message for name in ("ham.mbox", "spam.mbox") for message in _messages(CORPUS / name)]


def _messages(path: Path) -> Iterator[bytes]:
    for block in (b"\n" + path.read_bytes()).split(b"\nFrom ")[1:]:
        yield block.partition(b"\n")[2].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


_FRAGMENTS = [
    b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Type: multipart/digest; boundary=\"y\"\r\n",
    b"Content-Type: message/rfc822\r\n", b"Content-Type: text/html; charset=utf-7\r\n", b"\r\n", b"\n", b"\r",
    b"--x\r\n", b"--x--\r\n", b"--y\r\n", b"--y--", b"--x", b"--", b"Subject: =?utf-8?q?a=0A?= =?b?b?b?=\r\n",
    b"From: \"a\\\" <b@c>, (d(e)) f: g@h;\r\n", b"To: <@r:a@b>, =?x?q?,?= <", b"Date: Mon, 1 Jan 01 25:00 +9999\r\n",
    b"Content-Disposition: attachment; filename*0*=a'b'%41; filename*1=\"\\\"\r\n", b"Content-Type: text/plain;",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n", b"begin 644 a\r\n",
    b" folded\r\n", b"From x y z\r\n", b"\0", b"\xff\xfe", "é ☃".encode(), b"AAA=", b"=\r\n=41", b"<p>a<br><!--",
    b"References: <a@b><c@d>\r\n", b"Message-ID: <\r\n", b"> quoted\r\n", b"-- \r\n", b"{5}\r\n", b"\\\"", b"a" * 80,
]  # fmt: skip


def hostile_bytes() -> st.SearchStrategy[bytes]:
    """Bytes that look enough like mail to get deep into the code."""
    return st.lists(st.one_of(st.sampled_from(_FRAGMENTS), st.binary(max_size=8)), max_size=40).map(b"".join)
