"""Addresses: one spelling in, one meaning out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.smtp.address import BadAddress, Mailbox, read_mailbox, read_path


@pytest.mark.parametrize(
    ("text", "local", "domain"),
    [
        ("alice@example.test", "alice", "example.test"),
        ("Alice+tag@EXAMPLE.test", "Alice+tag", "example.test"),
        ('"alice"@example.test', "alice", "example.test"),
        ('"a b\\"c\\\\"@example.test', 'a b"c\\', "example.test"),
        ('""@example.test', "", "example.test"),
        ("a@[192.0.2.1]", "a", "[192.0.2.1]"),
        ("a@[IPv6:2001:DB8:0:0::1]", "a", "[IPv6:2001:db8::1]"),
        ("a@b\u00fccher.test", "a", "xn--bcher-kva.test"),
        ("jo\u0308rg@example.test", "j\u00f6rg", "example.test"),
        ("prvs=1234=a@example.test", "prvs=1234=a", "example.test"),
        ("b" * 200 + "@example.test", "b" * 200, "example.test"),
    ],
)
def test_good_addresses(text: str, local: str, domain: str) -> None:
    assert read_mailbox(text) == Mailbox(local, domain)
    assert read_path(f"<{text}> SIZE=1") == (Mailbox(local, domain), " SIZE=1")


@pytest.mark.parametrize(
    "text",
    [
        "alice",
        "@example.test",
        "alice@",
        "a@b@c",
        "a@-b.test",
        "a@b-.test",
        "a@" + "x" * 64 + ".test",
        "a@" + "x." * 130 + "test",
        "a" * 255 + "@example.test",
        "a@[1.2.3]",
        "a@[01.2.3.4]",
        "a@[IPv6:1]",
        "a@[x-tag:1]",
        "a@stra\u00dfe.test",
        "a\u2028b@example.test",
        "a\u202eb@example.test",
        "a@b\u3002c\u2028.test",
        "a@b.test\r\nRCPT",
        'a"b"@example.test',
        '"a"b@example.test',
        "a\\@example.test",
        "(x)a@example.test",
    ],
)
def test_bad_addresses(text: str) -> None:
    with pytest.raises(BadAddress):
        read_mailbox(text)


def test_what_is_written_reads_back() -> None:
    for local in ("a", "a b", 'a"b\\', "", "a..b", ".a", "a@b", "j\u00f6rg"):
        assert read_mailbox(str(Mailbox(local, "example.test"))) == Mailbox(local, "example.test")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='<>@:,."\\ [IPv6:1]ab%!\u00e9\u00df\u3002-', max_size=60))
def test_any_text_is_read_or_refused_and_what_is_read_is_stable(text: str) -> None:
    try:
        mailbox, _ = read_path(text)
    except BadAddress:
        return
    if mailbox is not None and mailbox.domain:
        assert read_mailbox(str(mailbox)) == mailbox


@pytest.mark.parametrize(
    "text", ["<" + "a." * 50_000, '<"' + "\\a" * 50_000, "<@a" + ",@a" * 50_000, "<a@" + "b-" * 50_000 + "!"]
)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):  # quadratic matching would take minutes here
        read_path(text)
