"""The tree of parts: offsets, odd messages, limits."""

from __future__ import annotations

import pytest

from posthouse.wire.mime import scan as scanning
from posthouse.wire.mime.part import dump_structure, find_part, load_structure, walk
from posthouse.wire.mime.scan import scan
from tests.wire.mime.samples import NESTED, crlf, shape, structure

MIXED = "Content-Type: multipart/mixed; boundary=x\n\n"


def bodies_of(raw: bytes) -> list[bytes]:
    return [raw[part.body_start : part.body_end] for part in structure(raw).children]


def test_nested_message_has_every_part_where_it_lies() -> None:
    root = structure(NESTED)
    found = {
        number: (part.content_type, NESTED[part.body_start : part.body_end]) for number, part in walk(root)
    }
    assert list(found) == ["1", "1.1", "1.2", "2", "2.1", "3", "4", "4.1", "4.2"]
    assert found["1.1"] == ("text/plain", b"plain words")
    assert found["1.2"] == ("text/html", b"<p>rich words</p>")
    assert found["2.1"] == ("text/plain", b"carried words")
    assert found["3"] == ("image/png", b"iVBORw==")
    assert found["4.2"] == ("text/plain", b"second")


def test_line_break_before_a_delimiter_belongs_to_the_delimiter() -> None:
    assert bodies_of(crlf(MIXED + "--x\n\none\n\n--x\n\ntwo\n--x--\n")) == [b"one\r\n", b"two"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_both_line_ends_are_read(ending: str) -> None:
    raw = (MIXED + "--x\n\none\n--x\n\ntwo\n--x--\n").replace("\n", ending).encode()
    assert bodies_of(raw) == [b"one", b"two"]


def test_mixed_line_ends_are_read() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=x\n\r\n--x\r\n\none\n--x\n\r\ntwo\r\n--x--"
    assert bodies_of(raw) == [b"one", b"two"]


def test_boundary_may_be_the_prefix_of_another() -> None:
    raw = crlf(
        'Content-Type: multipart/mixed; boundary="ab"\n\n--ab\n'
        'Content-Type: multipart/mixed; boundary="abc"\n\n--abc\n\ninner\n--abc--\n--ab\n\nouter\n--ab--\n'
    )
    leaf: tuple[str, list[object]] = ("text/plain", [])
    assert shape(structure(raw)) == ("multipart/mixed", [("multipart/mixed", [leaf]), leaf])


def test_text_that_only_begins_like_a_delimiter_is_text() -> None:
    assert bodies_of(crlf(MIXED + "--x\n\n--xy\n--x-\n--x--z\n--x--\n")) == [b"--xy\r\n--x-\r\n--x--z"]


def test_delimiter_may_have_trailing_white_space() -> None:
    assert bodies_of(crlf(MIXED + "--x \t\n\none\n--x--  \n")) == [b"one"]


def test_unterminated_multipart_keeps_its_last_part() -> None:
    found = scan(crlf(MIXED + "--x\n\none\n--x\n\ntwo\n"))
    assert [part.content_type for part in found.root.children] == ["text/plain", "text/plain"]
    assert found.root.children[1].body_end == found.root.body_end
    assert "open_multipart" in found.defects


def test_outer_delimiter_ends_an_unterminated_inner_multipart() -> None:
    raw = crlf(
        "Content-Type: multipart/mixed; boundary=o\n\n--o\n"
        "Content-Type: multipart/mixed; boundary=i\n\n--i\n\nlost end\n--o\n\nafter\n--o--\n"
    )
    root = structure(raw)
    assert shape(root) == (
        "multipart/mixed",
        [("multipart/mixed", [("text/plain", [])]), ("text/plain", [])],
    )
    inner = root.children[0].children[0]
    assert raw[inner.body_start : inner.body_end] == b"lost end"


def test_multipart_without_boundary_or_delimiters_has_no_parts() -> None:
    assert structure(crlf("Content-Type: multipart/mixed\n\n--x\n\na\n--x--\n")).children == []
    assert structure(crlf(MIXED + "no delimiter\n")).children == []


def test_parts_may_be_empty() -> None:
    raw = crlf(MIXED + "--x\n\n--x\n--x\nContent-Type: text/html\n--x\n\n\n--x--\n")
    assert bodies_of(raw) == [b"", b"", b"", b""]
    assert structure(raw).children[2].content_type == "text/html"


def test_nothing_after_the_closing_delimiter_is_a_part() -> None:
    assert bodies_of(crlf(MIXED + "--x\n\none\n--x--\n--x\n\ntwo\n--x--\n")) == [b"one"]


def test_header_without_blank_line_ends_at_the_first_other_line() -> None:
    found = scan(b"Subject: a\r\nthis is no field\r\nTo: b@c\r\n")
    assert found.root.body_start == len(b"Subject: a\r\n")
    assert "no_blank_line" in found.defects


def test_message_without_header_is_all_body() -> None:
    root = structure(b"just some words\r\n")
    assert (root.body_start, root.body_end) == (0, 17)


def test_first_of_two_content_types_counts() -> None:
    raw = crlf("Content-Type: text/html\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x--\n")
    assert shape(structure(raw)) == ("text/html", [])


def test_mbox_line_is_no_part_of_the_header() -> None:
    root = structure(b"From alice Mon Jan  1 00:00:00 2001\r\nContent-Type: text/html\r\n\r\nx")
    assert root.content_type == "text/html"
    assert root.header_start == 37


def test_digest_parts_are_messages_by_default() -> None:
    raw = crlf("Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: a\n\nb\n--x--\n")
    assert shape(structure(raw)) == ("multipart/digest", [("message/rfc822", [("text/plain", [])])])


def test_header_fields_of_a_part_are_kept() -> None:
    part = structure(
        crlf(
            "Content-Type: TEXT/Plain; Charset=UTF-8\nContent-Transfer-Encoding: Quoted-Printable (c)\n"
            "Content-ID: <a@b>\nContent-Description: caf\u00e9\nContent-MD5: abc\nContent-Language: en, de\n"
            "Content-Location: http://example.test/\nContent-Disposition: Inline; filename=x.txt\n\n"
        )
    )
    assert (part.content_type, part.params, part.encoding) == (
        "text/plain",
        (("charset", "UTF-8"),),
        "quoted-printable",
    )
    assert (part.content_id, part.description, part.md5) == ("<a@b>", "café", "abc")
    assert (part.language, part.location) == ("en, de", "http://example.test/")
    assert (part.disposition, part.filename) == ("inline", "x.txt")


def test_nul_and_eight_bit_headers_are_survived() -> None:
    part = structure(b"Content-Description: a\0b\xff\r\nContent-Type: text/html\r\n\r\n\0")
    assert part.content_type == "text/html"
    assert part.description == "abÿ"


def test_structure_survives_being_stored() -> None:
    root = structure(NESTED)
    assert load_structure(dump_structure(root)) == root


@pytest.mark.parametrize("number", ["", "0", "5", "1.3", "3.1", "2.2", "1.1.1", "x", "1.", "²", "9" * 40])
def test_part_numbers_that_lead_nowhere(number: str) -> None:
    assert find_part(structure(NESTED), number) is None


def test_too_many_parts_leave_the_rest_opaque() -> None:
    found = scan(crlf(MIXED) + b"--x\r\n\r\na\r\n" * 10_000 + b"--x--\r\n")
    assert len(found.root.children) == scanning.MAX_PARTS
    assert found.root.children[-1].body_end == found.root.body_end
    assert "too_many_parts" in found.defects


@pytest.mark.parametrize(
    "layer",
    [
        "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(1000)),
        "Content-Type: message/rfc822\n\n" * 1000,
    ],
    ids=["multiparts", "messages"],
)
def test_too_deep_nesting_stops_at_the_limit(layer: str) -> None:
    found = scan(crlf(layer) + b"words")
    depth, part = 1, found.root
    while part.children:
        part, depth = part.children[0], depth + 1
    assert depth == scanning.MAX_DEPTH
    assert "too_deep" in found.defects


def test_lines_that_look_like_delimiters_are_looked_at_a_bounded_number_of_times() -> None:
    found = scan(crlf(MIXED) + b"--xy\r\n" * 200_000 + b"--x\r\n\r\nlate\r\n")
    assert found.root.children == []
    assert "too_many_delimiters" in found.defects


def test_part_headers_past_the_budget_are_not_understood() -> None:
    part = b"--x\r\nX-Fill: " + b"f" * 60_000 + b"\r\nContent-Type: text/html\r\n\r\na\r\n"
    root = structure(crlf(MIXED) + part * 12)
    assert [child.content_type for child in root.children[:3]] == ["text/html"] * 3
    assert root.children[-1].content_type == "text/plain"
    assert len(root.children) == 12
