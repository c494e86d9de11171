"""Ways out of a list: read from strangers' headers, believed only where a signature covers them."""

from __future__ import annotations

import pytest

from posthouse.wire.auth.results import Header, Result
from posthouse.wire.mime.unsubscribe import Letter, ways_of
from tests.wire.auth.test_dkim import by_hand

URL = "https://news.test/leave?x=1"
POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
COVERED = "from:subject:list-unsubscribe:list-unsubscribe-post"


def mail(*fields: str) -> bytes:
    return ("From: n@bank.example\r\nSubject: x\r\n" + "".join(fields) + "\r\nhello\r\n").encode()


def passed(raw: bytes, *, result: str = "pass", domain: str = "bank.example") -> Header:
    b = raw.partition(b" b=")[2].replace(b"\r\n ", b"").partition(b"\r\n")[0].decode()[:8]
    properties = (("header.d", domain), ("header.s", "key"), ("header.b", b))
    return Header(authserv_id="x", results=(Result(method="dkim", result=result, properties=properties),))


def signed(*fields: str, h: str = COVERED) -> bytes:
    return by_hand(mail(*fields), h=h)


def test_one_click_is_believed_where_a_signature_covers_it() -> None:
    raw = signed(f"List-Unsubscribe: <mailto:l@news.test>, <{URL}>\r\n", POST)
    assert ways_of(raw, passed(raw)).post == URL
    assert ways_of(raw, None).post is None
    assert ways_of(raw, passed(raw, result="fail")).post is None
    assert ways_of(raw, passed(raw, domain="other.test")).post is None


@pytest.mark.parametrize("h", ["from:subject", "from:list-unsubscribe", "from:list-unsubscribe-post"])
def test_both_fields_are_signed(h: str) -> None:
    raw = signed(f"List-Unsubscribe: <{URL}>\r\n", POST, h=h)
    assert ways_of(raw, passed(raw)).post is None


def test_a_field_that_was_put_above_is_not_followed() -> None:
    raw = signed(f"List-Unsubscribe: <{URL}>\r\n", POST)
    evil = b"List-Unsubscribe: <https://evil.test/>\r\n" + raw
    assert ways_of(evil, passed(raw)).post is None
    twice = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" + raw
    assert ways_of(twice, passed(raw)).post is None


def test_a_signature_that_did_not_pass_covers_nothing() -> None:
    """Two signatures: one holds and covers nothing of it, the other does not hold."""
    genuine = signed(f"List-Unsubscribe: <{URL}>\r\n", POST, h="from")
    forged = by_hand(genuine, h=COVERED, b="AAAA")
    assert ways_of(forged, passed(genuine)).post is None


def test_without_the_second_field_it_is_a_page() -> None:
    raw = signed(f"List-Unsubscribe: <{URL}>\r\n")
    found = ways_of(raw, passed(raw))
    assert (found.post, found.page, found.letter) == (None, URL, None)


@pytest.mark.parametrize(
    ("target", "letter"),
    [
        ("mailto:l@news.test", Letter("l@news.test", "unsubscribe", "unsubscribe")),
        ("MAILTO:l%2Bx@news.test?subject=leave%20me&body=now", Letter("l+x@news.test", "leave me", "now")),
        (
            "mailto:l@news.test?subject=a%0D%0ABcc:%20x@y.test",
            Letter("l@news.test", "a Bcc: x@y.test", "unsubscribe"),
        ),
        (
            "mailto:l@news.test,other@news.test?cc=x@y.test",
            Letter("l@news.test", "unsubscribe", "unsubscribe"),
        ),
        ("mailto:", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_letter_has_one_reader_and_no_headers_of_theirs(target: str, letter: Letter | None) -> None:
    found = ways_of(mail(f"List-Unsubscribe: <{target}>\r\n"), None)
    assert found.letter == letter and found.page is None
