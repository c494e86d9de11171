"""Octets that one database keeps and another refuses get the same answer on both."""

from __future__ import annotations

import pytest

from tests.imapd.conftest import Connect

ODD = [b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"'\\\"%_", b"=?utf-8?q?=00=ED=A0=80?=", b"x" * 3000]
MESSAGES = [
    b"Subject: %s\r\nFrom: %s <a@b.test>\r\nTo: %s\r\nMessage-ID: <%s@x>\r\nReferences: <%s>\r\n\r\n%s\r\n",
    b"Content-Type: text/plain; charset=utf-16; name=%s\r\nSubject: %s\r\nCc: %s\r\n%s: %s\r\n\r\n%s",
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_is_refused_or_kept_and_never_a_fault_of_ours(connect: Connect, text: bytes) -> None:
    client = connect()
    literal = b"{%d+}\r\n%s" % (len(text), text)
    for message in MESSAGES:
        client.append(message.replace(b"%s", text))
    for line in (
        b"SEARCH TEXT " + literal,
        b"SEARCH SUBJECT " + literal + b" FROM " + literal,
        b"SEARCH HEADER Message-ID " + literal,
        b"CREATE " + literal,
        b"STATUS " + literal + b" (MESSAGES)",
        b'LIST "" ' + literal,
        b"COPY 1 " + literal,
        b"FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (" + literal + b")])",
    ):
        tagged = client.run(line).tagged
        assert tagged, line
        assert b"SERVERBUG" not in tagged, (line, tagged)
