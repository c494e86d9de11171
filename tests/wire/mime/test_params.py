"""Content-Type and Content-Disposition parameters (RFC 2045, RFC 2231)."""

from __future__ import annotations

import pytest

from posthouse.wire.mime import params
from posthouse.wire.mime.params import filename_of, param, parse_content_type, parse_disposition


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (b"text/html", ("text/html", ())),
        (b" TEXT / HTML ; Charset = utf-8 ", ("text/html", (("charset", "utf-8"),))),
        (b'text/plain; a="b;\\"c"; d=e f; g', ("text/plain", (("a", 'b;"c'), ("d", "e f")))),
        (b"text/plain charset=us-ascii", ("text/plain", (("charset", "us-ascii"),))),
        (b"text/plain; charset=us-ascii (plain)", ("text/plain", (("charset", "us-ascii"),))),
        (b"text/plain; a=1 b=2", ("text/plain", (("a", "1"), ("b", "2")))),
        (b"text/plain; a=1; a=2", ("text/plain", (("a", "1"),))),
        (b"text", ("text/plain", ())),
        (b"", ("text/plain", ())),
        (b"/; x=y", ("text/plain", (("x", "y"),))),
        (b'text/plain; a="unfinished', ("text/plain", (("a", "unfinished"),))),
    ],
)
def test_content_type(value: bytes, meant: tuple[str, params.Params]) -> None:
    assert parse_content_type(value) == meant


def test_segments_are_joined_in_order_up_to_a_gap() -> None:
    _, found = parse_disposition(b"attachment; filename*1=b; filename*0=a; filename*3=d")
    assert param(found, "filename") == "ab"


def test_extended_segments_stay_as_they_came_but_joined() -> None:
    _, found = parse_disposition(b"attachment; filename*0*=utf-8''%C3; filename*1*=%BC; filename*2=\"%.txt\"")
    assert param(found, "filename*") == "utf-8''%C3%BC%25.txt"
    assert filename_of(found, ()) == "ü%.txt"


@pytest.mark.parametrize(
    ("disposition", "content_type", "name"),
    [
        (b"attachment; filename*=utf-8'de'%C3%BC.txt; filename=u.txt", b"a/b", "ü.txt"),
        (b"attachment; filename==?utf-8?q?=C3=BC?=.txt", b"a/b", "ü.txt"),
        (b'attachment; filename="=?utf-8?q?=C3=BC?="', b"a/b", "ü"),
        (b"attachment", b"a/b; name=x.doc", "x.doc"),
        (b'attachment; filename="C:\\\\dir\\\\x.doc"', b"a/b", "x.doc"),
        (b'attachment; filename="../../etc/passwd"', b"a/b", "passwd"),
        (b"attachment; filename=\xc3\xbc", b"a/b", "ü"),
        (b"attachment; filename=\xfc", b"a/b", "ü"),
        (b"attachment; filename*=broken", b"a/b", "broken"),
        (b"attachment; filename*=utf-8''a%0D%0Ab%00%E2%80%AEc", b"a/b", "a  bc"),
        (b"attachment; filename=", b"a/b", None),
        (b"attachment; filename=..", b"a/b", None),
    ],
)
def test_filename(disposition: bytes, content_type: bytes, name: str | None) -> None:
    assert filename_of(parse_disposition(disposition)[1], parse_content_type(content_type)[1]) == name


def test_long_filename_keeps_its_suffix() -> None:
    name = filename_of((("filename", "a" * 5000 + ".pdf"),), ())
    assert name is not None
    assert (len(name), name[-4:]) == (params.MAX_FILENAME_CHARS, ".pdf")


def test_number_of_parameters_is_limited() -> None:
    value = b"text/plain; " + b"".join(b"p%d=v;" % number for number in range(10_000))
    assert len(parse_content_type(value)[1]) == params.MAX_PARAMS


def test_number_of_segments_is_limited() -> None:
    value = b"text/plain; " + b"".join(b"n*%d=vvvv;" % number for number in range(10_000))
    joined = param(parse_content_type(value)[1], "n")
    assert joined is not None
    assert len(joined) <= params.MAX_SEGMENTS * 4
