"""APPEND of many, REPLACE, UTF8 and binary messages over a socket (RFC 3502, 8508, 6855, 3516)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests import make
from tests.cast import Cast
from tests.imapd.client import Client

Connect = Callable[..., Client]
RAW = make.message(subject="Draft one")
OTHER = make.message(subject="Draft two", text="longer than the first\r\n")


def part(raw: bytes, head: bytes = b"") -> bytes:
    return b" " + head + b"{%d+}\r\n" % len(raw) + raw


def uids(client: Client) -> list[bytes]:
    return client.ok(b"UID SEARCH ALL").untagged[-1].split()[2:]


@pytest.mark.rfc("3502")
def test_many_at_once(connect: Connect) -> None:
    client = connect()
    answer = client.ok(
        b"APPEND INBOX"
        + part(RAW, b"(\\Seen) ")
        + part(OTHER, b'(\\Deleted) " 7-Feb-2020 10:00:00 +0130" ')
        + part(RAW)
    )
    assert re.match(rb"OK \[APPENDUID \d+ 1:3\] ", answer.tagged), answer
    assert answer.untagged == [b"* 3 EXISTS"]
    lines = client.ok(b"FETCH 1:3 (FLAGS RFC822.SIZE)").untagged
    assert lines[0] == b"* 1 FETCH (FLAGS (\\Seen) RFC822.SIZE %d)" % len(RAW)
    assert lines[1] == b"* 2 FETCH (FLAGS (\\Deleted) RFC822.SIZE %d)" % len(OTHER)
    assert b'"' not in lines[2] and b"FLAGS ()" in lines[2]


@pytest.mark.rfc("3502")
def test_many_are_kept_all_or_none(connect: Connect, cast: Cast) -> None:
    from posthouse.base import db
    from posthouse.mail.models import Account

    def limit(count: int | None) -> None:
        db.run(lambda: Account.objects.filter(id=cast.alice.account_id).update(quota_bytes=count), (), {})

    client = connect()
    limit(len(RAW) + 10)
    for head in (b"", b"(\\Deleted) "):
        refused = client.run(b"APPEND INBOX" + part(RAW) + part(OTHER, head))
        assert refused.tagged.startswith(b"NO [OVERQUOTA] ")
        assert uids(client) == []
    limit(None)
    assert client.run(b"APPEND INBOX" + part(RAW) + part(b"")).tagged.startswith(b"NO ")
    assert client.run(b"APPEND INBOX" + part(RAW) + part(OTHER, b"(\\Frob) ")).tagged.startswith(b"BAD ")
    assert client.run(b"APPEND Nowhere" + part(RAW) + part(OTHER)).tagged.startswith(b"NO [TRYCREATE] ")
    assert uids(client) == []
    client.ok(b"APPEND INBOX" + part(RAW) + part(OTHER))
    assert len(uids(client)) == 2


@pytest.mark.rfc("8508")
def test_replace_in_one_step(connect: Connect) -> None:
    client, other = connect(select=b"Drafts"), connect(select=b"Drafts")
    client.append(RAW, to=b"Drafts")
    client.append(RAW, to=b"Drafts")
    assert other.ok(b"NOOP").untagged == [b"* 2 EXISTS"]
    answer = client.ok(b"REPLACE 1 Drafts" + part(OTHER, b"(\\Draft \\Seen) "))
    assert re.fullmatch(rb"\* OK \[APPENDUID \d+ 3\] Kept\.", answer.untagged[0])
    assert answer.untagged[1:] == [b"* 1 EXPUNGE", b"* 2 EXISTS"]
    assert uids(client) == [b"2", b"3"]
    assert b"* 1 EXPUNGE" in other.ok(b"NOOP").untagged
    assert client.ok(b"UID REPLACE 3 Drafts" + part(RAW)).untagged[1:] == [b"* 2 EXPUNGE", b"* 2 EXISTS"]
    client.ok(b"REPLACE * Archive" + part(RAW))
    assert uids(client) == [b"2"]


@pytest.mark.rfc("8508")
def test_what_replace_refuses(connect: Connect, cast: Cast) -> None:
    from posthouse.base import db
    from posthouse.mail.models import Account

    client = connect()
    client.append(RAW)
    assert client.run(b"REPLACE 2 INBOX" + part(RAW)).tagged.startswith(b"BAD ")
    assert client.run(b"UID REPLACE 9 INBOX" + part(RAW)).tagged.startswith(b"NO [NONEXISTENT] ")
    assert client.run(b"REPLACE 1 Nowhere" + part(RAW)).tagged.startswith(b"NO [TRYCREATE] ")
    assert client.run(b"REPLACE 1 INBOX" + part(b"")).tagged.startswith(b"NO ")
    db.run(lambda: Account.objects.filter(id=cast.alice.account_id).update(quota_bytes=len(RAW) + 5), (), {})
    assert client.run(b"REPLACE 1 INBOX" + part(RAW)).tagged.startswith(b"NO [OVERQUOTA] ")
    assert uids(client) == [b"1"]
    client.ok(b"EXAMINE INBOX")
    assert client.run(b"REPLACE 1 INBOX" + part(RAW)).tagged.startswith(b"NO [READ-ONLY] ")
    assert connect(select=None).run(b"REPLACE 1 INBOX" + part(RAW)).tagged.startswith(b"BAD ")


@pytest.mark.rfc("3516")
def test_any_bytes_as_a_binary_message(connect: Connect) -> None:
    client = connect()
    raw = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\1\xff\r\n\0"
    client.ok(b"APPEND INBOX ~{%d+}\r\n" % len(raw) + raw)
    line = client.ok(b"FETCH 1 BODY.PEEK[]").untagged[0]
    assert line == b"* 1 FETCH (BODY[] {%d}\r\n" % len(raw) + raw + b")"
    assert client.ok(b"FETCH 1 BINARY.PEEK[1]").untagged[0].endswith(b"\r\n\0\1\xff\r\n\0)")


@pytest.mark.rfc("6154 §3")
def test_special_uses_are_taken(connect: Connect) -> None:
    """RFC 6154 §3: what cannot be had is refused with USEATTR, and no mailbox is made."""
    client = connect(select=None)
    assert client.run(b"CREATE Mine (USE (\\Sent))").tagged.startswith(b"NO [USEATTR] ")
    assert client.run(b"CREATE Mine (USE (\\Drafts \\Flagged))").tagged.startswith(b"NO [USEATTR] ")
    assert client.ok(b'LIST "" Mine').untagged == []
    client.ok(b"CREATE Mine (USE ())")
    assert len(client.ok(b'LIST "" Mine').untagged) == 1
