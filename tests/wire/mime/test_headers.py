"""Header fields: splitting, unfolding, finding, message ids."""

from __future__ import annotations

import time

from posthouse.wire.mime import headers
from posthouse.wire.mime.headers import find, loose, message_ids, read_header


def test_fields_come_in_order_with_their_folds() -> None:
    header = read_header(b"A: 1\r\nB : 2\r\n\t3\r\n\r\nbody", 0, 23)
    assert header.fields == [(b"a", b" 1\r"), (b"b", b" 2\r\n\t3\r")]
    assert (header.body_start, header.has_blank) == (19, True)


def test_line_of_white_space_is_a_fold_and_no_blank_line() -> None:
    raw = b"A: 1\r\n \r\nB: 2\r\n\r\n"
    assert [name for name, _ in read_header(raw, 0, len(raw)).fields] == [b"a", b"b"]


def test_fold_before_the_first_field_is_skipped() -> None:
    raw = b" stray\r\nA: 1\r\n\r\n"
    assert read_header(raw, 0, len(raw)).fields == [(b"a", b" 1\r")]


def test_block_longer_than_the_limit_still_ends_at_its_blank_line() -> None:
    raw = b"A: 1\r\n" + b"X: y\r\n" * 60_000 + b"\r\nbody"
    header = read_header(raw, 0, len(raw))
    assert header.is_cut
    assert raw[header.body_start :] == b"body"
    assert len(header.fields) <= headers.MAX_HEADER_BYTES // 6 + 1


def test_blank_line_right_at_the_limit_is_found() -> None:
    fill = headers.MAX_HEADER_BYTES - len(b"A: \r\n")
    raw = b"A: " + b"x" * fill + b"\r\n\r\nbody\r\n\r\nmore"
    assert raw[read_header(raw, 0, len(raw)).body_start :].startswith(b"body")


def test_find_takes_the_first_field_whatever_its_case() -> None:
    raw = b"X: 1\r\nsuBject: a\r\n b\r\nSubject: c\r\n\r\nSubject: d"
    assert find(raw, b"SUBJECT") == b"a b"
    assert find(raw, b"missing") is None


def test_loose_reads_utf8_then_windows_1252_and_drops_controls() -> None:
    assert loose("é".encode()) == "é"
    assert loose(b"\x93a\x94 \xe9") == "“a” é"
    assert loose(b"a\0b\x07c\rd") == "ab c d"


def test_long_value_is_cut() -> None:
    assert len(loose(b"a" * 10_000_000)) == headers.MAX_FIELD_BYTES


def test_message_ids_are_taken_out_of_any_clutter() -> None:
    assert message_ids("Your message of Friday <a@b> (was: <c@d>) <a@b>") == ("a@b", "c@d")
    assert message_ids("a@b, c") == ("a@b",)
    assert message_ids("<> < > nothing") == ()


def test_number_of_message_ids_is_limited() -> None:
    assert len(message_ids("".join(f"<{number}@x>" for number in range(20_000)))) == headers.MAX_MESSAGE_IDS


def test_a_line_of_blanks_takes_no_time_to_pass_over() -> None:
    """Of a message inside another, whose header begins with what belongs to no field."""
    from posthouse.wire.mime.section import header_fields

    header = b" " * 200_000 + b"x\r\nSubject : a\r\nTo: b\r\n c\r\n\r\n"
    begun = time.process_time()
    assert header_fields(header, [b"to"], is_excluding=True) == b"Subject : a\r\n\r\n"
    assert header_fields(header, [b"subject"], is_excluding=True) == b"To: b\r\n c\r\n\r\n"
    assert time.process_time() - begun < 0.5
