"""What people read of a message: its bodies and its attachments, and the words it is found by.

Body choice is JMAP's algorithm (RFC 8621 §4.1.4). Decoding never fails: unknown encodings are taken as they
are, unknown charsets guessed.
"""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

from posthouse.wire.mime.addresses import parse_people
from posthouse.wire.mime.encoded_words import base64_bytes, decode, decode_words
from posthouse.wire.mime.headers import loose, read_header
from posthouse.wire.mime.html_text import html_to_text
from posthouse.wire.mime.part import Part, walk

MAX_TEXT_BYTES = 4 * 1024 * 1024
"""Of one decoded text part; the rest is not shown or searched."""
MAX_WORDS_CHARS = 1024 * 1024
"""Of one message, given to the search index."""

_UU_ENCODINGS = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})
DECODED_ENCODINGS = _UU_ENCODINGS | {"7bit", "8bit", "binary", "base64", "quoted-printable"}
"""What `decode_body` knows; other encodings are taken as they are."""
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


class Numbered(NamedTuple):
    """A part and its IMAP number, which is also its name in the API."""

    number: str
    part: Part


class Bodies(NamedTuple):
    """What to show as text, what to show as HTML, and what to offer for download, each in order."""

    text: list[Numbered]
    html: list[Numbered]
    attachments: list[Numbered]


def decode_body(part: Part, raw: bytes, *, limit: int | None = None) -> bytes:
    """The part's content without its transfer encoding, about `limit` bytes of it at most."""
    start, end = part.body_start, part.body_end
    if part.encoding == "base64":
        if limit is not None:
            end = min(end, start + limit * 3 // 2)
        return base64_bytes(raw[start:end])
    if part.encoding == "quoted-printable":
        if limit is not None:
            end = min(end, start + limit * 3)
        return binascii.a2b_qp(raw[start:end])[:limit]
    if limit is not None:
        end = min(end, start + limit)
    if part.encoding in _UU_ENCODINGS:
        return _uudecoded(raw[start:end])
    return raw[start:end]


def _uudecoded(data: bytes) -> bytes:
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return data
    decoded = []
    for line in data[begin.end() :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                decoded.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                break
    return b"".join(decoded)


def decode_text(part: Part, raw: bytes, *, limit: int = MAX_TEXT_BYTES) -> str:
    """A text part as text with LF line ends. Never fails; NUL is dropped."""
    data = decode_body(part, raw, limit=limit)
    charset = part.charset
    if charset is None and data[:3] in (b"\xef\xbb\xbf", b"\xff\xfe<"):
        charset = "utf-8" if data[0] == 0xEF else "utf-16"
    text = decode(data, charset)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text.removeprefix("\ufeff")


def bodies(root: Part) -> Bodies:
    """Choose the parts to show and to offer (RFC 8621 §4.1.4)."""
    chooser = _Chooser()
    if root.is_multipart and root.children:
        kind, parts = root.content_type[10:], _numbered(root, "")
    else:
        kind, parts = "mixed", [Numbered("1", root)]
    chooser.add_all(parts, kind, is_alternative=kind == "alternative", shown=("text", "html"))
    return Bodies(chooser.text, chooser.html, chooser.attachments)


def _numbered(parent: Part, prefix: str) -> list[Numbered]:
    return [Numbered(f"{prefix}{index}", part) for index, part in enumerate(parent.children, 1)]


class _Chooser:
    def __init__(self) -> None:
        self.text: list[Numbered] = []
        self.html: list[Numbered] = []
        self.attachments: list[Numbered] = []

    def add_all(
        self, parts: list[Numbered], kind: str, *, is_alternative: bool, shown: tuple[str, ...]
    ) -> None:
        """Sort the parts of one multipart. `shown` says which of the two bodies still take parts here."""
        text_count, html_count = len(self.text), len(self.html)
        for index, numbered in enumerate(parts):
            part = numbered.part
            if part.is_multipart and part.children:
                inner = part.content_type[10:]
                self.add_all(
                    _numbered(part, numbered.number + "."),
                    inner,
                    is_alternative=is_alternative or inner == "alternative",
                    shown=shown,
                )
            elif not _is_inline(part, index, kind):
                self.attachments.append(numbered)
            elif kind == "alternative":
                self._add_alternative(numbered)
            else:
                if is_alternative:
                    shown = _narrowed(shown, part.content_type)
                self._add(numbered, shown)
        if kind == "alternative" and len(shown) == 2:
            if len(self.text) == text_count and len(self.html) != html_count:
                self.text += self.html[html_count:]
            elif len(self.html) == html_count and len(self.text) != text_count:
                self.html += self.text[text_count:]

    def _add_alternative(self, numbered: Numbered) -> None:
        content_type = numbered.part.content_type
        if content_type == "text/html":
            self.html.append(numbered)
        elif content_type == "text/plain" or numbered.part.is_multipart:
            self.text.append(numbered)
        else:
            self.attachments.append(numbered)

    def _add(self, numbered: Numbered, shown: tuple[str, ...]) -> None:
        if "text" in shown:
            self.text.append(numbered)
        if "html" in shown:
            self.html.append(numbered)
        if len(shown) < 2 and is_media(numbered.part.content_type):
            self.attachments.append(numbered)


def _narrowed(shown: tuple[str, ...], content_type: str) -> tuple[str, ...]:
    if content_type == "text/plain":
        return tuple(name for name in shown if name != "html")
    if content_type == "text/html":
        return tuple(name for name in shown if name != "text")
    return shown


def is_media(content_type: str) -> bool:
    return content_type.startswith(("image/", "audio/", "video/"))


def _is_inline(part: Part, index: int, kind: str) -> bool:
    """A multipart without parts is shown as text, which is all that is known of it."""
    content_type = part.content_type
    is_shown = content_type in ("text/plain", "text/html") or part.is_multipart
    if part.disposition == "attachment" or not (is_shown or is_media(content_type)):
        return False
    return index == 0 or (kind != "related" and (is_media(content_type) or not part.filename))


def downloads(root: Part) -> list[Numbered]:
    """Everything to offer as a file, in the order of the message.

    Beside the attachments these are pictures, sound and film among the texts, as phones send photographs:
    the algorithm counts them to the bodies, but a client that shows one text and one HTML would lose them.
    """
    chosen = bodies(root)
    wanted = {number for number, _ in chosen.attachments}
    wanted |= {number for number, part in (*chosen.text, *chosen.html) if is_media(part.content_type)}
    return [Numbered(number, part) for number, part in walk(root) if number in wanted]


def has_attachment(chosen: Bodies) -> bool:
    """Is there something a person would want to download: not an embedded picture, not a signature block.

    A picture that stands among the texts, as phones send photographs, is one.
    """
    if any(is_media(part.content_type) for _, part in (*chosen.text, *chosen.html)):
        return True
    for _, part in chosen.attachments:
        if part.content_type in _PROCESSED:
            continue
        if part.content_id and is_media(part.content_type) and part.disposition != "attachment":
            continue
        if part.disposition != "inline" or part.filename:
            return True
    return False


_PROCESSED = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
     "text/rfc822-headers", "message/delivery-status", "message/disposition-notification",
     "application/pgp-keys"}
)  # fmt: skip


def body_text(root: Part, raw: bytes, *, limit: int = MAX_TEXT_BYTES) -> str:
    """The message as plain text, made from HTML where it has no other."""
    pieces = []
    for _, part in bodies(root).text:
        if part.content_type == "text/html":
            pieces.append(html_to_text(decode_text(part, raw, limit=limit)))
        elif not is_media(part.content_type):
            pieces.append(decode_text(part, raw, limit=limit))
    return "\n".join(pieces)


def body_html(root: Part, raw: bytes, *, limit: int = MAX_TEXT_BYTES) -> str | None:
    """The message's own HTML, unsafe as it came; None when it has none."""
    pieces = [
        decode_text(part, raw, limit=limit)
        for _, part in bodies(root).html
        if part.content_type == "text/html"
    ]
    return "\n".join(pieces) if pieces else None


_PEOPLE_FIELDS = frozenset({b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc"})


def words_text(root: Part, raw: bytes, *, limit: int = MAX_WORDS_CHARS) -> str:
    """What search should find a message by: subject, people, file names, text. At most `limit` characters.

    The text comes last, so that a long one cannot push the rest out.
    """
    pieces: list[str] = []
    for name, value in read_header(raw, 0, len(raw)).fields:
        if name == b"subject":
            pieces.append(decode_words(loose(value)))
        elif name in _PEOPLE_FIELDS:
            pieces += [f"{person.name} {person.email}" for person in parse_people(value)]
    pieces += [part.filename for _, part in walk(root) if part.filename]
    pieces.append(body_text(root, raw, limit=limit))
    return "\n".join(piece for piece in pieces if piece)[:limit]
