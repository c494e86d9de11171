"""What we sign, dkimpy and our own eye verify; what is changed on the way, neither does."""

from __future__ import annotations

import re

import dkim as dkimpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.auth import dkim
from posthouse.wire.auth.dkim_sign import (
    ED25519,
    RSA,
    SigningKey,
    load_private,
    new_private,
    sign,
)
from posthouse.wire.auth.message import Message
from tests.wire.auth.zone import Zone, finish

NOW = 1_790_000_000
KEYS = [
    SigningKey(domain="posthouse.test", selector="r1", private=new_private(RSA)),
    SigningKey(domain="posthouse.test", selector="e1", private=new_private(ED25519)),
]
RECORDS = {key.name: key.record for key in KEYS}
MAIL = (
    b"From: Alice <alice@posthouse.test>\r\nTo: bob@other.test\r\nSubject:  Two   blanks \r\n and a fold\r\n"
    b"Date: Fri, 27 Nov 2026 10:00:00 +0000\r\nReferences: <a@b>\r\n <c@d>\r\nX-Own: one\r\n\r\n"
    b"Hello  Bob,\r\n\r\nthis is \t it. \r\n\r\n\r\n"
)


def seen(content: bytes) -> list[str]:
    """Our verdict on each signature, the newest first."""
    zone = Zone()
    for name, record in RECORDS.items():
        zone.records[name, "TXT"] = [record]
    message = Message(content)
    return [finish(dkim.verify(zone, message, field, now=NOW)).result for field in dkim.signatures(message)]


def theirs(content: bytes) -> bool:
    """dkimpy's of the RSA signature, which stands on top; it has no Ed25519 here."""

    def txt(name: bytes, timeout: int = 5) -> bytes:
        return RECORDS[name.decode().rstrip(".")].encode()

    return bool(dkimpy.DKIM(content).verify(idx=0, dnsfunc=txt))


def test_what_is_signed_is_verified_by_us_and_by_them() -> None:
    signed = sign(MAIL, KEYS, now=NOW)
    assert signed.endswith(MAIL) and signed.count(b"DKIM-Signature:") == 2
    assert seen(signed) == ["pass", "pass"]
    assert theirs(signed)


def test_lines_stay_short_and_ascii() -> None:
    header = sign(MAIL, KEYS, now=NOW).removesuffix(MAIL)
    assert max(map(len, header.split(b"\r\n"))) <= 78 and header.isascii()
    assert b"\r\n\r\n" not in header and header.endswith(b"\r\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hello", b"Hallo"),
        (b"To: bob@", b"To: eve@"),
        (b"Subject: ", b"Subject: Re: "),
        (b"From: Alice", b"From: Mallory <m@evil.test>\r\nFrom: Alice"),
        (b"Date:", b"Subject: second\r\nDate:"),
        (b"Date:", b"Cc: eve@evil.test\r\nDate:"),
        (b"Date:", b"Reply-To: eve@evil.test\r\nDate:"),
        (b"Date:", b"Content-Type: text/html\r\nDate:"),
        (b"this is", b"this is not"),
    ],
)
def test_what_was_changed_is_seen(old: bytes, new: bytes) -> None:
    forged = sign(MAIL, KEYS, now=NOW).replace(old, new, 1)
    assert seen(forged) == ["fail", "fail"]


def test_what_servers_on_the_way_do_is_forgiven() -> None:
    signed = sign(MAIL, KEYS, now=NOW)
    carried = b"Received: from a by b\r\n" + signed.replace(b"X-Own: one", b"X-Own: two").replace(
        b"Subject:  Two   blanks \r\n and", b"Subject: Two blanks\r\n\tand"
    ).replace(b"it. \r\n\r\n\r\n", b"it.\r\n")
    assert seen(carried) == ["pass", "pass"]
    assert theirs(carried)


def test_any_line_ends_go_out_as_crlf() -> None:
    for content in (MAIL.replace(b"\r\n", b"\n"), MAIL.replace(b"\r\n", b"\r"), MAIL + b"tail\nmore\r"):
        signed = sign(content, KEYS, now=NOW)
        assert re.search(rb"\r(?!\n)|(?<!\r)\n", signed) is None
        assert seen(signed) == ["pass", "pass"]


def test_what_has_no_from_is_left_alone() -> None:
    for content in (b"", b"no header\r\n", b"Subject: x\r\n\r\nbody\r\n", b"\r\nbody\r\n"):
        assert sign(content, KEYS, now=NOW) == content


def test_a_key_comes_back_from_what_is_kept_of_it() -> None:
    for key in KEYS:
        again = SigningKey(domain=key.domain, selector=key.selector, private=load_private(key.dump()))
        assert again.record == key.record
        assert key.dump() not in repr(key).encode()


TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f"), max_size=60)


@settings(max_examples=60)
@given(subject=TEXT, to=TEXT, body=st.binary(max_size=300), extra=st.lists(TEXT, max_size=3))
def test_whatever_is_signed_is_verified(subject: str, to: str, body: bytes, extra: list[str]) -> None:
    more = "".join(f"References: {one}\r\n" for one in extra)
    head = f"From: a@posthouse.test\r\nSubject: {subject}\r\nTo: {to}\r\n{more}\r\n"
    signed = sign(head.encode() + body, KEYS, now=NOW)
    assert seen(signed) == ["pass", "pass"]
    assert theirs(signed)
