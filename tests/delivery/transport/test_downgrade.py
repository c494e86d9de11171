"""Binary content for servers that take lines: every part comes out as it went in, and nothing else is touched."""

from __future__ import annotations

from email import message_from_bytes

from hypothesis import given
from hypothesis import strategies as st

from posthouse.delivery.transport.downgrade import without_binary
from posthouse.wire.smtp.content import has_bare_bytes

TEXT = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xc3\xbc\xc3\x9fe  \r\n"


def message(body: bytes) -> bytes:
    return (
        b"From: a@a.test\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: binary\r\n"
        b'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\npreamble\r\n--=_b\r\n' + TEXT + b"--=_b\r\n"
        b"Content-Transfer-Encoding:\r\n binary\r\nContent-Type: application/octet-stream\r\n\r\n"
        + body
        + b"\r\n--=_b--\r\n"
    )


@given(st.binary(max_size=2_000).filter(lambda body: b"\n--=_b" not in b"\n" + body))
def test_the_content_of_a_part_is_the_same(body: bytes) -> None:
    raw = message(body)
    converted = without_binary(raw)
    assert not has_bare_bytes(converted)
    if not has_bare_bytes(raw):
        assert converted == raw
        return
    _, attachment = message_from_bytes(converted).get_payload()
    assert attachment.get_payload(decode=True) == body
    assert attachment.get_all("Content-Transfer-Encoding") == ["base64"]
    assert attachment.get_content_type() == "application/octet-stream"
    assert TEXT in converted
    assert max(map(len, converted.split(b"\r\n"))) <= 998
    assert b"binary" not in converted.split(b"--=_b")[0]


def test_a_message_that_is_one_binary_part() -> None:
    raw = b"Content-Type: image/png\r\nContent-Transfer-Encoding: BINARY\r\nX: y\r\n\r\n\x89PNG\r\n\x1a\n\0"
    converted = without_binary(raw)
    assert converted.startswith(
        b"Content-Type: image/png\r\nX: y\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    assert message_from_bytes(converted).get_payload(decode=True) == b"\x89PNG\r\n\x1a\n\0"


def test_what_is_not_labelled_binary_stays() -> None:
    raw = b"Subject: x\r\n\r\nbare\nline\r\n"
    assert without_binary(raw) == raw
