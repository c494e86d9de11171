"""The digest of a message: its fields, and that nothing whatever makes it fail."""

from __future__ import annotations

import email
import email.message
import re
from collections import Counter

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from posthouse.wire.mime import Part, load_structure, section, walk
from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.digest import _digest, _opaque, digest
from posthouse.wire.mime.scan import MAX_DEPTH, MAX_PARTS, scan
from posthouse.wire.mime.text import body_html, body_text, decode_body, words_text
from tests.wire.mime.samples import NESTED, corpus_messages, crlf, hostile_bytes, shape


def test_fields_are_read_for_people() -> None:
    found = digest(
        crlf(
            "From: =?utf-8?q?J=C3=B6rg?= <joerg@example.test>\nTo: a@b, C <c@d>\nCc: g: e@f;\nReply-To: r@s\n"
            "Subject: Re: [list]\n =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nDate: Fri, 20 Nov 2026 11:11:10 +0100\n"
            "Message-ID: <1@x>\nIn-Reply-To: <0@x>\nReferences: <a@x>\n <0@x>\nList-Id: Talk <talk.Example.test>\n"
            "List-Unsubscribe: <mailto:u@x>,\n <https://x/u>\nAuto-Submitted: auto-generated; a=b\n\nHello\n"
        )
    )
    assert found.from_ == (Address("Jörg", "joerg@example.test"),)
    assert found.to == (Address("", "a@b"), Address("C", "c@d"))
    assert (found.cc, found.reply_to) == ((Address("", "e@f"),), (Address("", "r@s"),))
    assert (found.subject, found.base_subject) == ("Re: [list] Grüße", "Grüße")
    assert found.sent_at_ms == 1_795_169_470_000
    assert (found.message_id, found.in_reply_to, found.references) == ("1@x", ("0@x",), ("a@x", "0@x"))
    assert (found.list_id, found.list_unsubscribe) == ("talk.example.test", "<mailto:u@x>, <https://x/u>")
    assert (found.is_auto_submitted, found.has_attachment, found.preview) == (True, False, "Hello")
    assert found.defects == ()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Auto-Submitted: no", False),
        ("Auto-Submitted: auto-replied", True),
        ("Precedence: bulk", True),
        ("Precedence: list", False),
        ("X: y", False),
    ],
)
def test_programs_are_told_from_people(field: str, expected: bool) -> None:
    assert digest(crlf(field + "\n\n")).is_auto_submitted is expected


def test_references_keep_the_first_and_the_newest() -> None:
    ids = " ".join(f"<{number}@x>" for number in range(100))
    references = digest(crlf(f"References: {ids}\n\n")).references
    assert references == ("0@x", *(f"{number}@x" for number in range(80, 100)))


def test_preview_comes_from_html_where_there_is_no_text() -> None:
    raw = crlf("Content-Type: text/html\n\n<style>p{}</style><p>Hello <b>you</b></p>")
    assert digest(raw).preview == "Hello you"


def test_attachment_is_noticed() -> None:
    assert digest(NESTED).has_attachment


def test_header_injected_by_an_encoded_word_stays_one_line() -> None:
    found = digest(crlf("Subject: =?utf-8?q?a=0D=0ABcc:_x?=\nFrom: =?utf-8?q?a=0A?= <a@b>\n\n"))
    assert found.subject == "a Bcc: x"
    assert found.from_[0].name == "a"


def test_hopeless_input_is_one_opaque_text() -> None:
    found = _opaque(b"Subject: a\r\n\r\nb")
    assert found.defects == ("unreadable",)
    root = load_structure(found.structure)
    assert section(root, b"Subject: a\r\n\r\nb", "TEXT") == b"Subject: a\r\n\r\nb"


def check_offsets(part: Part, start: int, end: int, depth: int = 1) -> int:
    """Offsets lie within their parent's and in order; returns how many parts there are."""
    assert start <= part.header_start <= part.body_start <= part.body_end <= end
    assert depth <= MAX_DEPTH
    count, position = 1, part.body_start
    for child in part.children:
        assert child.header_start >= position
        count += check_offsets(child, part.body_start, part.body_end, depth + 1)
        position = child.body_end
    return count


def check_imap(data: bytes) -> None:
    """ASCII, balanced parentheses outside strings, no bare line break but that of a literal."""
    assert data.isascii()
    depth, position = 0, 0
    while position < len(data):
        sign = data[position : position + 1]
        if sign == b'"':
            position += 1
            while data[position : position + 1] != b'"':
                assert data[position] not in b"\r\n\0"
                position += 2 if data[position : position + 1] == b"\\" else 1
        elif sign == b"{":
            close = data.index(b"}\r\n", position)
            position = close + 2 + int(data[position + 1 : close])
        else:
            assert sign not in (b"\r", b"\n", b"\0")
            depth += (sign == b"(") - (sign == b")")
            assert depth >= 0
        position += 1
    assert depth == 0


def check_everything(raw: bytes) -> None:
    found = _digest(raw)
    root = load_structure(found.structure)
    assert root == scan(raw).root
    assert check_offsets(root, 0, len(raw)) <= MAX_PARTS + 1
    for data in (found.envelope, found.body, found.bodystructure):
        check_imap(data)
    msgspec.json.encode([found.subject, found.preview, found.from_, found.to, found.list_id])
    for text in (found.subject, found.preview, found.base_subject, *(person.name for person in found.from_)):
        assert not set(text) & {"\r", "\n", "\0"}
        text.encode("utf-8")
    words_text(root, raw).encode("utf-8")
    body_text(root, raw)
    body_html(root, raw)
    for number, part in walk(root):
        assert section(root, raw, number) == raw[part.body_start : part.body_end]
        section(root, raw, number + ".HEADER.FIELDS (from)")
        decode_body(part, raw)
    assert section(root, raw, "") == raw


@given(hostile_bytes())
@settings(max_examples=400, deadline=None)
def test_nothing_makes_it_fail(raw: bytes) -> None:
    check_everything(raw)


@pytest.mark.parametrize("step", [1, 7])
def test_every_beginning_of_a_message_can_be_read(step: int) -> None:
    for end in range(0, len(NESTED), step):
        check_everything(NESTED[:end])


M = 1024 * 1024
HOSTILE = {
    "ten thousand parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 10_000,
    "half a million delimiters": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * (M // 2),
    "thousand levels": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(1000)
    ),
    "thousand messages": b"Content-Type: message/rfc822\n\n" * 1000,
    "ten megabytes of header": b"X-A: " + b"a" * 10 * M + b"\n\nbody",
    "ten megabytes of fields": b"a:\n" * (3 * M) + b"\nbody",
    "megabyte of encoded words": b"Subject: " + b"=?" * (M // 2) + b"\nFrom: " + b"=?x?q?" * 10_000 + b"\n\n",
    "megabyte of brackets": b"To: " + b"<" * M + b"\nCc: " + b"(" * M + b"\n\n",
    "megabyte of quotes": b"To: " + b'<"\\' * 20_000 + b"\nCc: " + b'"' * 20_000 + b"\n\n",
    "megabyte of parameters": b"Content-Type: text/plain; " + b"a=b;" * (M // 4) + b"\n\n",
    "fields like delimiters": b'Content-Type: multipart/mixed; boundary="a:b"\n\n' + b"--a:b\n" * 100_000,
    "megabyte of dates": b"Date: " + b"1 " * (M // 2) + b"\n\n",
    "megabyte of ids": b"References: " + b"<a@b> " * 10_000 + b"\nIn-Reply-To: " + b"a@b " * 10_000 + b"\n\n",
    "megabyte of nested html": b"Content-Type: text/html\n\n" + b"<div>" * (M // 5),
    "megabyte of quoting": b"\n" + b">\n" * (M // 2),
    "only nul": b"\0" * M,
    "only line feeds": b"\n" * M,
    "only colons": b":" * M,
    "only spaces": b" " * M,
    "utf-7": b"Content-Type: text/plain; charset=utf-7\n\n" + b"+" * M,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_message_yields_little(name: str) -> None:
    found = _digest(HOSTILE[name])
    root = load_structure(found.structure)
    assert check_offsets(root, 0, len(HOSTILE[name])) <= MAX_PARTS + 1
    assert (
        len(found.envelope) + len(found.body) + len(found.bodystructure) + len(found.structure) < 512 * 1024
    )
    assert len(found.subject) + len(found.preview) < 2_000
    check_imap(found.envelope + found.body + found.bodystructure)


def python_shape(message: email.message.Message) -> tuple[str, list[object]]:
    kind = message.get_content_type()
    payload = message.get_payload()
    children = payload if isinstance(payload, list) and kind != "message/delivery-status" else []
    return kind, [python_shape(child) for child in children if isinstance(child, email.message.Message)]


_LINES = [
    b"Content-Type: multipart/mixed; boundary=x\n", b'Content-Type: multipart/digest; boundary="y"\n',
    b"Content-Type: multipart/mixed; boundary=xy\n", b"Content-Type: message/rfc822\n", b"Subject: a\n", b"\n",
    b"Content-Type: text/html\n", b"--x\n", b"--x--\n", b"--y\n", b"--y--\n", b"--xy\n", b"--xy--\n", b"--x ",
    b"text\n", b"\n--y\n", b"--x\n\n",
]  # fmt: skip


@given(st.sampled_from(_LINES[:3]), st.lists(st.sampled_from(_LINES), max_size=14))
@settings(max_examples=300, deadline=None)
def test_random_multiparts_have_the_structure_that_python_finds(first: bytes, lines: list[bytes]) -> None:
    """But for a delimiter right behind another: to us (and Dovecot) an empty part, to Python one delimiter."""
    raw = first + b"\n" + b"".join(lines)
    assume(not re.search(rb"(?m)^--(x|y|xy) *(--)?\n--\1 *(--)?$", raw))
    assert shape(scan(raw).root) == python_shape(email.message_from_bytes(raw))


def python_leaves(message: email.message.Message) -> list[email.message.Message]:
    payload = message.get_payload()
    if isinstance(payload, list) and message.get_content_type() != "message/delivery-status":
        return [
            leaf
            for child in payload
            if isinstance(child, email.message.Message)
            for leaf in python_leaves(child)
        ]
    return [message]


def our_leaves(part: Part) -> list[Part]:
    return [leaf for child in part.children for leaf in our_leaves(child)] if part.children else [part]


def test_real_mail_reads_as_python_reads_it() -> None:
    """Differences known and meant: `text/plain charset=x` without semicolon is text/plain to us; Python drops
    the last line break of an unterminated multipart; it takes delivery reports apart."""
    seen: Counter[str] = Counter()
    for raw in corpus_messages():
        theirs, ours = email.message_from_bytes(raw), scan(raw).root
        if python_shape(theirs) != shape(ours):
            seen["shape"] += 1
            continue
        seen["same shape"] += 1
        for left, right in zip(python_leaves(theirs), our_leaves(ours), strict=True):
            expected, found = left.get_payload(decode=True), decode_body(right, raw)
            if isinstance(expected, bytes) and expected != found:
                is_break = expected.rstrip(b"\r\n") == found.rstrip(b"\r\n")
                seen["line break" if is_break else "content"] += 1
    assert seen["same shape"] > 2900
    assert seen["shape"] <= 1
    assert seen["content"] == 0
    assert seen["line break"] <= 4


def test_real_mail_is_readable_throughout() -> None:
    for raw in corpus_messages()[::20]:
        check_everything(raw)
