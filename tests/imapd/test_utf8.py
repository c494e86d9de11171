"""UTF8=ACCEPT over a socket (RFC 6855)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.imapd.client import Client

Connect = Callable[..., Client]
RAW = "From: Änne <änne@x.test>\r\nSubject: Grüße, 日本\r\n\r\nHallo\r\n".encode()


@pytest.mark.rfc("6855")
def test_names_are_utf8_once_enabled(connect: Connect) -> None:
    client = connect(select=None)
    client.ok('CREATE "Büro & \\"Co\\""'.encode())
    before = b'"B&APw-ro &- \\"Co\\""'
    assert any(before in line for line in client.ok(b'LIST "" B*').untagged)
    assert client.ok(b"ENABLE UTF8=ACCEPT").untagged == [b"* ENABLED UTF8=ACCEPT"]
    name = '"Büro & \\"Co\\""'.encode()
    for line in (b'LIST "" "B*"', b'LSUB "" "B*"', b"STATUS " + name + b" (MESSAGES)"):
        (found,) = client.ok(line).untagged
        assert name in found, line
    client.ok(b"SELECT " + name)
    assert any(before in line for line in connect(select=None).ok(b'LIST "" B*').untagged)


@pytest.mark.rfc("6855")
def test_messages_with_utf8_headers(connect: Connect) -> None:
    client = connect()
    client.ok(b"ENABLE UTF8=ACCEPT")
    client.ok(b"APPEND INBOX (\\Seen) UTF8 (~{%d+}\r\n" % len(RAW) + RAW + b")")
    assert RAW in client.ok(b"FETCH 1 BODY.PEEK[]").untagged[0]
    assert client.ok('SEARCH SUBJECT "grüse"'.encode()).untagged == [b"* SEARCH"]
    assert client.ok('SEARCH SUBJECT "GRÜßE" FROM "änne@x"'.encode()).untagged == [b"* SEARCH 1"]


@pytest.mark.rfc("6855")
def test_a_search_names_no_charset_then(connect: Connect) -> None:
    client = connect()
    client.ok(b"SEARCH CHARSET UTF-8 ALL")
    client.ok(b"ENABLE UTF8=ACCEPT")
    assert client.run(b"SEARCH CHARSET UTF-8 ALL").tagged.startswith(b"BAD ")
    client.ok(b"SEARCH ALL")
    client.ok(b"SORT (DATE) UTF-8 ALL")
