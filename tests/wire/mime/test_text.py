"""Bodies, attachments, previews, text out of HTML, subjects."""

from __future__ import annotations

import pytest

from posthouse.wire.mime.html_text import html_to_text, letter_text
from posthouse.wire.mime.part import Part
from posthouse.wire.mime.preview import MAX_PREVIEW_CHARS, preview
from posthouse.wire.mime.subject import base_subject
from posthouse.wire.mime.text import (
    bodies,
    body_html,
    body_text,
    decode_body,
    decode_text,
    downloads,
    has_attachment,
    words_text,
)
from tests.wire.mime.samples import NESTED, crlf, structure


def tree(spec: object) -> Part:
    """("multipart/mixed", part, …) or "type/sub" or ("type/sub", {fields})."""
    if isinstance(spec, str):
        return Part(header_start=0, body_start=0, body_end=0, content_type=spec)
    assert isinstance(spec, tuple)
    if isinstance(spec[1], dict):
        return Part(header_start=0, body_start=0, body_end=0, content_type=spec[0], **spec[1])
    children = [tree(child) for child in spec[1:]]
    return Part(header_start=0, body_start=0, body_end=0, content_type=spec[0], children=children)


INLINE_PICTURE = ("image/png", {"content_id": "<i@x>", "disposition": "inline", "filename": "i.png"})
ATTACHED = ("application/pdf", {"disposition": "attachment", "filename": "a.pdf"})

CHOICES = [
    ("text/plain", (["1"], ["1"], []), False),
    ("text/html", (["1"], ["1"], []), False),
    ("application/pdf", ([], [], ["1"]), True),
    (("multipart/alternative", "text/plain", "text/html"), (["1"], ["2"], []), False),
    (("multipart/alternative", "text/html"), (["1"], ["1"], []), False),
    (
        ("multipart/alternative", "text/plain", ("multipart/related", "text/html", INLINE_PICTURE)),
        (["1"], ["2.1"], ["2.2"]),
        False,
    ),
    (
        ("multipart/mixed", ("multipart/alternative", "text/plain", "text/html"), ATTACHED),
        (["1.1"], ["1.2"], ["2"]),
        True,
    ),
    (
        ("multipart/mixed", "text/plain", "image/png", "text/plain"),
        (["1", "2", "3"], ["1", "2", "3"], []),
        True,
    ),
    (
        ("multipart/mixed", "text/plain", ("text/plain", {"filename": "b.txt"})),
        (["1"], ["1"], ["2"]),
        True,
    ),
    (("multipart/mixed", ("text/plain", {"disposition": "attachment"})), ([], [], ["1"]), True),
    (("multipart/signed", "text/plain", "application/pgp-signature"), (["1"], ["1"], ["2"]), False),
    ("multipart/mixed", (["1"], ["1"], []), False),
    (("multipart/mixed", "text/plain", "message/rfc822"), (["1"], ["1"], ["2"]), True),
]


@pytest.mark.parametrize(("spec", "expected", "attached"), CHOICES)
def test_bodies_are_chosen_as_jmap_does(
    spec: object, expected: tuple[list[str], list[str], list[str]], attached: bool
) -> None:
    chosen = bodies(tree(spec))
    assert tuple([number for number, _ in found] for found in chosen) == expected
    assert has_attachment(chosen) is attached


def test_photographs_among_the_texts_can_be_downloaded() -> None:
    root = tree(
        ("multipart/mixed", "text/plain", ("image/jpeg", {"disposition": "inline"}), ATTACHED, "text/plain")
    )
    assert [number for number, _ in downloads(root)] == ["2", "3"]


def content(encoding: str, body: bytes) -> bytes:
    raw = f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    return decode_body(structure(raw), raw)


@pytest.mark.parametrize(
    ("encoding", "body", "decoded"),
    [
        ("base64", b"SGVs\r\nbG8=\r\n", b"Hello"),
        ("base64", b"SGVsbG8", b"Hello"),
        ("base64", b"SGVs!bG8= trailing", b"Hello"),
        ("quoted-printable", b"a=3D=\r\nb=zz=C3=BC", b"a=b=zz\xc3\xbc"),
        ("x-uuencode", b"begin 644 a\r\n%2&5L;&\\\r\n`\r\nend\r\n", b"Hello"),
        ("x-uuencode", b"no uu at all", b"no uu at all"),
        ("8bit", b"\xff", b"\xff"),
        ("nonsense", b"a", b"a"),
    ],
)
def test_transfer_encodings(encoding: str, body: bytes, decoded: bytes) -> None:
    assert content(encoding, body) == decoded


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit", "x-uuencode"])
def test_decoding_can_be_limited(encoding: str) -> None:
    raw = f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + b"QUFB" * 10_000
    assert len(decode_body(structure(raw), raw, limit=1000)) <= 1200


def test_text_has_line_feeds_and_no_nul() -> None:
    raw = b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + "a\r\nb\rc\0".encode("utf-16")
    assert decode_text(structure(raw), raw) == "a\nb\nc"


def test_plain_text_is_made_from_html_where_there_is_no_other() -> None:
    raw = crlf("Content-Type: text/html\n\n<p>One</p><p>Two</p>")
    assert body_text(structure(raw), raw) == "One\n\nTwo"
    assert body_html(structure(raw), raw) == "<p>One</p><p>Two</p>"
    assert body_html(structure(b"\r\na"), b"\r\na") is None


def test_words_hold_subject_people_files_and_text() -> None:
    words = words_text(structure(NESTED), NESTED)
    assert all(each in words for each in ("Nested", "Alice alice@example.test", "a.png", "plain words"))
    assert len(words_text(structure(NESTED), NESTED, limit=20)) == 20


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b", "a\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<p>a</p>b", "a\n\nb"),
        ("<style>x</style><script>y</script><title>z</title>a", "a"),
        ("<STYLE>x</style >a", "a"),
        ("<style>never closed", ""),
        ("<!-- <p>x</p> -->a<!-- open", "a<!-- open"),
        ("a &amp; b &lt;c&gt; &nbsp; d &#8364;", "a & b <c> d €"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc"),
        ("a<ul><li><div>b</div></li><li><p>c</p></li></ul>", "a\n\n- b\n- c"),
        ("<ol><li>a<ul><li>b</ul><li>c</ol>d", "1. a\n  - b\n2. c\n\nd"),
        ("<li>a</ol><li></li>b", "- a\n\nb"),
        ("x<blockquote>a<br>b</blockquote>y", "x\n>\n> a\n> b\n\ny"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<a href="x>y">link</a>', "link"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("", ""),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_reading_html_stops_at_the_limit() -> None:
    assert html_to_text("<p>words</p>" * 1000, limit=12).split() == ["words"] * 3


@pytest.mark.parametrize(
    "piece", ["<div>", "<", "<a ", "<a '", "<!--", "<style>", "&a", "<!", "<b/", "<blockquote>x"]
)
def test_text_of_hostile_html_is_bounded(piece: str) -> None:
    assert len(html_to_text(piece * 100_000)) <= len(piece) * 100_000 * 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello\n\n  there\tyou", "Hello there you"),
        ("New words\n\nOn Monday Joe wrote:\n> old words\n", "New words"),
        ("> old\nnew\n> older", "new"),
        ("Words\n-- \nJoe\nACME", "Words"),
        ("Words\n-----Original Message-----\nFrom: x", "Words"),
        ("=======\nWords\n*****", "Words"),
        ("> only quoted", "> only quoted"),
        ("a\u200b\u200c\u00ad\ufeffb \u034f", "ab"),
        ("", ""),
    ],
)
def test_preview_shows_what_was_written(text: str, shown: str) -> None:
    assert preview(text) == shown


def test_preview_is_short() -> None:
    assert len(preview("word " * 10_000)) <= MAX_PREVIEW_CHARS
    assert len(preview("x" * 1_000_000)) == MAX_PREVIEW_CHARS


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Lunch", "Lunch"),
        ("Re: Lunch", "Lunch"),
        ("RE: re :Fwd: Lunch", "Lunch"),
        ("Re[2]: Lunch", "Lunch"),
        ("AW: WG: Lunch", "Lunch"),
        ("SV: VS: Lunch", "Lunch"),
        ("回复：转发: Lunch", "Lunch"),
        ("[list] Re: [list] Lunch", "Lunch"),
        ("Re: Lunch (fwd)", "Lunch"),
        ("[Fwd: Re: Lunch]", "Lunch"),
        ("[list]", "[list]"),
        ("Re: [list]", "[list]"),
        ("  a \t b ", "a b"),
        ("Regarding: Lunch", "Regarding: Lunch"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_base_subject(subject: str, base: str) -> None:
    assert base_subject(subject) == base


@pytest.mark.parametrize("piece", ["Re: ", "[a] ", "[fwd: ", "(fwd)", "[", "re "])
def test_base_subject_of_endless_marks_ends(piece: str) -> None:
    assert len(base_subject(piece * 100_000)) <= 998


def test_a_signature_stands_behind_its_separator() -> None:
    signed = '<p>Hello</p><p></p><div class="posthouse-signature"><p>Alice<br>Posthouse</p></div>'
    assert letter_text(signed) == "Hello\n\n-- \nAlice\nPosthouse"
    quote = '<div class="posthouse-quote"><blockquote>old</blockquote></div>'
    assert letter_text(signed + quote) == "Hello\n\n-- \nAlice\nPosthouse\n>\n> old"
    theirs = f'<p>Hi</p><div class="posthouse-quote"><blockquote>{signed}</blockquote></div>'
    assert "-- " not in letter_text(theirs), "what others sign is quoted"
    assert letter_text("<p>Hello</p>") == "Hello"
    assert letter_text('<div class="posthouse-signature"><p>A</p></div>') == "-- \nA"
