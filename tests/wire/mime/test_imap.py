"""ENVELOPE, BODY, BODYSTRUCTURE and sections (RFC 9051 §7.5.2, §6.4.5.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.mime import digest, load_structure, section
from posthouse.wire.mime.imap import MAX_QUOTED_CHARS, string
from posthouse.wire.mime.section import header_fields, section_range
from tests.wire.mime.samples import NESTED, crlf

TEXT = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" '


def envelope(text: str) -> bytes:
    return digest(crlf(text + "\n\n")).envelope


def test_nested_message_has_its_whole_structure() -> None:
    assert digest(NESTED).body == (
        b'((("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 11 0)'
        b'("text" "html" ("charset" "utf-8") NIL NIL "7bit" 17 0) "alternative")'
        b'("message" "rfc822" NIL NIL NIL "7bit" 59 (NIL "Carried" ((NIL NIL "carol" "example.test")) '
        b'((NIL NIL "carol" "example.test")) ((NIL NIL "carol" "example.test")) NIL NIL NIL NIL NIL) '
        + TEXT
        + b'13 0) 3)("image" "png" ("name" "a.png") NIL NIL "base64" 8)'
        b'("message" "rfc822" NIL NIL NIL "7bit" 108 (NIL "Deep" NIL NIL NIL NIL NIL NIL NIL NIL) '
        b"(" + TEXT + b"5 0)" + TEXT + b'6 0) "mixed") 9) "mixed")'
    )


def test_bodystructure_adds_the_extension_fields() -> None:
    raw = crlf(
        'Content-Type: IMAGE/PNG; name="a \\" b"\nContent-ID: <i@x>\nContent-Description: A "b"\n'
        "Content-Transfer-Encoding: BASE64\nContent-MD5: abc=\nContent-Disposition: inline; filename*=utf-8''%C3%BC\n"
        "Content-Language: en, de\nContent-Location: http://example.test/\n\nAAAA\n"
    )
    assert digest(raw).bodystructure == (
        b'("image" "png" ("name" "a \\" b") "<i@x>" "A \\"b\\"" "base64" 6 "abc=" '
        b'("inline" ("filename*" "utf-8\'\'%C3%BC")) ("en" "de") "http://example.test/")'
    )


def test_multipart_without_parts_shows_an_empty_text() -> None:
    assert digest(crlf("Content-Type: multipart/mixed\n\nwords\n")).body == b"(" + TEXT + b'0 0) "mixed")'


def test_empty_message_has_counts_of_zero() -> None:
    assert digest(b"").body == TEXT + b"0 0)"
    assert digest(b"").envelope == b"(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"


def test_envelope_fills_in_sender_and_reply_to() -> None:
    assert envelope(
        "Date: Fri, 20 Nov 2026 11:11:10 +0100\nSubject: a\n b\nFrom: Joe <j@x>\nSender:\nTo: G: a@b, c@d;, e\n"
        "Cc: <@r:f@g>, H <>\nIn-Reply-To: <1@x>\nMessage-ID: <2@x> (c)"
    ) == (
        b'("Fri, 20 Nov 2026 11:11:10 +0100" "a b" (("Joe" NIL "j" "x")) (("Joe" NIL "j" "x")) (("Joe" NIL "j" "x")) '
        b'((NIL NIL "G" NIL)(NIL NIL "a" "b")(NIL NIL "c" "d")(NIL NIL NIL NIL)(NIL NIL "e" "MISSING_DOMAIN")) '
        b'((NIL "@r" "f" "g")("H" NIL "MISSING_MAILBOX" "MISSING_DOMAIN")) NIL "<1@x>" "<2@x> (c)")'
    )


def test_repeated_address_fields_are_one_list() -> None:
    assert b'((NIL NIL "a" "b")(NIL NIL "c" "d"))' in envelope("To: a@b\nTo: c@d")


def test_encoded_words_stay_as_they_came() -> None:
    assert b'"=?utf-8?q?=C3=BC?= x"' in envelope("Subject: =?utf-8?q?=C3=BC?= x")


def test_eight_bit_text_becomes_ascii() -> None:
    made = envelope("Subject: ü\nFrom: Jörg <jörg@exämple.test>\nMessage-ID: <ü@x>")
    assert made.isascii()
    assert b'"=?utf-8?b?w7w=?="' in made
    assert b'"xn--exmple-cua.test"' in made


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (None, "NIL"),
        ("", '""'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("a\rb", "{3}\r\na\rb"),
        ("x" * (MAX_QUOTED_CHARS + 1), f"{{{MAX_QUOTED_CHARS + 1}}}\r\n" + "x" * (MAX_QUOTED_CHARS + 1)),
    ],
)
def test_string_is_quoted_where_it_may_be(text: str | None, written: str) -> None:
    assert string(text) == written


SECTIONS: list[tuple[str, bytes | None]] = [
    ("1.1", b"plain words"),
    ("1.1.MIME", b"Content-Type: text/plain; charset=utf-8\r\n\r\n"),
    ("2.HEADER", b"Subject: Carried\r\nFrom: carol@example.test\r\n\r\n"),
    ("2.TEXT", b"carried words"),
    ("2.1", b"carried words"),
    ("2.1.MIME", b"Subject: Carried\r\nFrom: carol@example.test\r\n\r\n"),
    ("2", b"Subject: Carried\r\nFrom: carol@example.test\r\n\r\ncarried words"),
    ("2.HEADER.FIELDS (from x)", b"From: carol@example.test\r\n\r\n"),
    ("2.header.fields.not (FROM)", b"Subject: Carried\r\n\r\n"),
    ("4.2", b"second"),
    ("4.2.MIME", b"\r\n"),
    ("3.HEADER", None),
    ("3.TEXT", None),
    ("1.1.1", None),
    ("9", None),
    ("MIME", None),
    ("1.BOGUS", None),
    ("HEADER.FIELDS", None),
    ("TEXT (a)", None),
    ("1..2", None),
    ("(", None),
]


@pytest.mark.parametrize(("spec", "expected"), SECTIONS, ids=[spec for spec, _ in SECTIONS])
def test_section(spec: str, expected: bytes | None) -> None:
    assert section(load_structure(digest(NESTED).structure), NESTED, spec) == expected


def test_header_and_text_make_the_message() -> None:
    root = load_structure(digest(NESTED).structure)
    header, text = section(root, NESTED, "HEADER"), section(root, NESTED, "TEXT")
    assert header is not None
    assert text is not None
    assert header + text == section(root, NESTED, "") == NESTED


def test_part_one_of_a_single_body_is_the_body() -> None:
    raw = crlf("Subject: a\n\nwords\n")
    root = load_structure(digest(raw).structure)
    assert section(root, raw, "1") == section(root, raw, "TEXT") == b"words\r\n"
    assert section(root, raw, "1.MIME") == b"Subject: a\r\n\r\n"
    assert section(root, raw, "2") is section(root, raw, "1.1") is None


def test_section_range_needs_no_bytes() -> None:
    root = load_structure(digest(NESTED).structure)
    found = section_range(root, len(NESTED), number="1.1", what="")
    assert found is not None
    assert NESTED[slice(*found)] == b"plain words"


def test_header_fields_are_kept_as_they_are() -> None:
    header = b"A: 1\r\n\t2\r\nb :3\r\nno field\r\nA: 4\r\n\r\n"
    assert header_fields(header, [b"a"], is_excluding=False) == b"A: 1\r\n\t2\r\nA: 4\r\n\r\n"
    assert header_fields(header, [b"a"], is_excluding=True) == b"b :3\r\n\r\n"
    assert header_fields(b"", [b"a"], is_excluding=False) == b"\r\n"
    assert header_fields(b"A: 1", [b"a"], is_excluding=False) == b"A: 1\r\n\r\n"


NAMES = [b"From", b"To", b"Subject", b"X-A", b"X-A-B", b"X"]
fields = st.tuples(
    st.sampled_from(NAMES).map(bytes.swapcase) | st.sampled_from(NAMES),
    st.sampled_from([b":", b" :", b"\t :"]),
    st.sampled_from([b"", b" v", b" To: x", b" \xff\x00", b":"]),
    st.lists(st.sampled_from([b" more", b"\tFrom: no", b" "]), max_size=2),
    st.sampled_from([b"\r\n", b"\n"]),
)


@given(st.lists(fields, max_size=8), st.sets(st.sampled_from(NAMES)))
def test_picked_are_the_fields_of_those_names(
    written: list[tuple[bytes, bytes, bytes, list[bytes], bytes]], wanted: set[bytes]
) -> None:
    lines = [
        (name, name + colon + value + b"".join(end + m for m in more) + end)
        for name, colon, value, more, end in written
    ]
    header = b"".join(line for _, line in lines) + b"\r\n"
    lowered = {name.lower() for name in wanted}
    for is_excluding in (False, True):
        kept = [line for name, line in lines if (name.lower() in lowered) is not is_excluding]
        assert header_fields(header, wanted, is_excluding=is_excluding) == b"".join(kept) + b"\r\n"
