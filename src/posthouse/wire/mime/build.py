"""Composing messages (RFC 5322, RFC 2045 to 2047, RFC 2231, RFC 2387).

What comes out is CRLF throughout, 7-bit apart from attached messages and addresses that are 8-bit themselves,
and no line passes 998 bytes. Header values that hold CR, LF or NUL raise ValueError: they are never real and
often an attack. Message-ID, date and the boundary's random part come from the caller, since this room has
neither clock nor randomness.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.encoded_words import encoded_words
from posthouse.wire.mime.html_text import letter_text
from posthouse.wire.mime.params import param, parse_content_type

MAX_LINE_CHARS = 998
FOLD_CHARS = 76
MAX_PLAIN_LINE = 76
MAX_PLAIN_WORD = 900
MAX_REFERENCES_WRITTEN = 100

_FORBIDDEN = re.compile(r"[\r\n\0]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_DOT_ATOM = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,.\"]+(?:\.[^\s\x00-\x20\x7f()<>\[\]:;@\\,.\"]+)*")
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])+"')
_QUOTABLE_LOCAL = re.compile(r"[^@,;:<>()\[\]\\\"\x00-\x1f\x7f]+")
_DOMAIN = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,\"]+|\[[A-Za-z0-9:.]+\]")
_MESSAGE_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}")
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")
_BOUNDARY = re.compile(r"[A-Za-z0-9]{8,40}")
_RISKY_LINE = re.compile(r"^From |^\.$|[ \t]$", re.MULTILINE)
_BREAK = re.compile(r"\r\n|\r|\n")


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file to send. One with a `content_id` (without brackets) may be shown inside the HTML as `cid:`."""

    content: bytes
    filename: str
    content_type: str = "application/octet-stream"
    content_id: str | None = None
    is_inline: bool = False


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message to compose. Message ids are without angle brackets; `text` is made from `html` when empty."""

    from_: Address
    message_id: str
    date: datetime
    subject: str = ""
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    receipt_to: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


class Entity(NamedTuple):
    """A MIME entity: header lines without line ends, and the encoded body."""

    headers: list[str]
    body: bytes


def build(draft: Draft, *, boundary: str, keep_bcc: bool = False) -> bytes:
    """The message's bytes. Bcc is written for drafts only (`keep_bcc`).

    `boundary` is 8 to 40 random letters and digits. Raises ValueError for a header value that holds CR, LF or
    NUL, and for an address or message id that cannot be written.
    """
    lines = [
        f"Date: {format_datetime(draft.date)}",
        address_field("From", [draft.from_]),
    ]
    if draft.sender is not None:
        lines.append(address_field("Sender", [draft.sender]))
    lists = [
        ("Reply-To", draft.reply_to),
        ("To", draft.to),
        ("Cc", draft.cc),
        ("Bcc", draft.bcc if keep_bcc else ()),
        ("Disposition-Notification-To", draft.receipt_to),
    ]
    lines += [address_field(name, people) for name, people in lists if people]
    if draft.bcc and not (draft.to or draft.cc or keep_bcc):
        lines.append("To: undisclosed-recipients:;")
    lines.append(text_field("Subject", draft.subject))
    lines.append(id_field("Message-ID", [draft.message_id]))
    if draft.in_reply_to:
        lines.append(id_field("In-Reply-To", draft.in_reply_to))
    if draft.references:
        lines.append(id_field("References", draft.references[-MAX_REFERENCES_WRITTEN:]))
    lines += [text_field(name, value) for name, value in draft.headers]
    lines.append("MIME-Version: 1.0")
    return message_bytes(lines, _content(draft, boundary))


def message_bytes(lines: Iterable[str], content: Entity) -> bytes:
    """Header lines and content as one message."""
    header = "\r\n".join([*lines, *content.headers])
    return header.encode("utf-8") + b"\r\n\r\n" + content.body


def _content(draft: Draft, boundary: str) -> Entity:
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError("boundary must be 8 to 40 letters and digits")
    embedded: list[Entity] = []
    attached: list[Entity] = []
    for item in draft.attachments:
        is_embedded = draft.html is not None and item.content_id and item.is_inline
        (embedded if is_embedded else attached).append(attachment_entity(item))
    shown = text_entity(draft.text if draft.text or draft.html is None else letter_text(draft.html), "plain")
    if draft.html is not None:
        rich = text_entity(draft.html, "html")
        if embedded:
            rich = multipart("related", [rich, *embedded], f"{boundary}r", extra='; type="text/html"')
        shown = multipart("alternative", [shown, rich], f"{boundary}a")
    return multipart("mixed", [shown, *attached], f"{boundary}m") if attached else shown


def multipart(kind: str, parts: Sequence[Entity], boundary: str, *, extra: str = "") -> Entity:
    """Parts in one entity. Base64 and quoted-printable never hold `=_`, so no encoded part has the boundary."""
    mark = f"=_{boundary}"
    delimiter = f"--{mark}".encode()
    pieces: list[bytes] = []
    for part in parts:
        header = "\r\n".join(part.headers).encode("utf-8")
        pieces += [delimiter, b"\r\n", header, b"\r\n\r\n", part.body, b"\r\n"]
    pieces += [delimiter, b"--\r\n"]
    headers = [f'Content-Type: multipart/{kind}{extra};\r\n boundary="{mark}"']
    if any("Content-Transfer-Encoding: 8bit" in part.headers for part in parts):
        headers.append("Content-Transfer-Encoding: 8bit")
    return Entity(headers, b"".join(pieces))


def text_entity(text: str, subtype: str) -> Entity:
    """Text as 7bit where it is plain and short-lined, else quoted-printable or base64, whichever is shorter."""
    lines = _BREAK.sub("\n", text).replace("\0", "")
    if not lines.endswith("\n"):
        lines += "\n"
    is_short = all(len(line) <= MAX_PLAIN_LINE for line in lines.split("\n"))
    if lines.isascii() and is_short and not _RISKY_LINE.search(lines) and "--=_" not in lines:
        headers = [f"Content-Type: text/{subtype}; charset=us-ascii", "Content-Transfer-Encoding: 7bit"]
        return Entity(headers, lines.replace("\n", "\r\n").encode("ascii"))
    data = lines.encode("utf-8", "replace")
    headers = [f"Content-Type: text/{subtype}; charset=utf-8"]
    quoted = _quoted_printable(data)
    if len(quoted) * 3 <= len(data) * 5:
        return Entity([*headers, "Content-Transfer-Encoding: quoted-printable"], quoted)
    encoded = base64_lines(lines.replace("\n", "\r\n").encode("utf-8", "replace"))
    return Entity([*headers, "Content-Transfer-Encoding: base64"], encoded)


def _quoted_printable(data: bytes) -> bytes:
    encoded = binascii.b2a_qp(data)
    if encoded.startswith(b"From "):
        encoded = b"=46" + encoded[1:]
    return encoded.replace(b"\nFrom ", b"\n=46rom ").replace(b"\n", b"\r\n")


def base64_lines(data: bytes) -> bytes:
    """Base64 in lines of 76, each ended."""
    step = 57
    lines = [binascii.b2a_base64(data[at : at + step], newline=False) for at in range(0, len(data), step)]
    return b"".join([line + b"\r\n" for line in lines])


def attachment_entity(item: Attachment) -> Entity:
    """A file as a part. A message stays a message when it can travel as it is (RFC 2046 §5.2.1)."""
    kind, params = parse_content_type(item.content_type.encode("utf-8", "replace"))
    is_message = kind == "message/rfc822" and _can_travel(item.content)
    if not _TOKEN.fullmatch(kind) or (kind.startswith(("multipart/", "message/")) and not is_message):
        kind, params = "application/octet-stream", ()
    charset = param(params, "charset")
    typed = (
        f"{kind}; charset={charset}" if charset and _ATOMS.fullmatch(charset) and " " not in charset else kind
    )
    disposition = "inline" if item.is_inline else "attachment"
    headers = [
        f"Content-Type: {typed}" + _name_param(item.filename),
        f"Content-Disposition: {disposition}" + filename_param(item.filename),
    ]
    if item.content_id:
        headers.append(id_field("Content-ID", [item.content_id]))
    if is_message:
        encoding = "7bit" if item.content.isascii() else "8bit"
        return Entity([*headers, f"Content-Transfer-Encoding: {encoding}"], item.content)
    return Entity([*headers, "Content-Transfer-Encoding: base64"], base64_lines(item.content))


def _can_travel(content: bytes) -> bool:
    breaks = content.count(b"\r\n")
    if b"\0" in content or content.count(b"\n") != breaks or content.count(b"\r") != breaks:
        return False
    return all(len(line) <= MAX_LINE_CHARS for line in content.split(b"\r\n"))


def filename_param(filename: str) -> str:
    """A folded `filename` parameter, in RFC 2231 form where the name needs it."""
    name = _checked(filename)
    if not name:
        return ""
    if name.isascii() and len(name) <= 60:
        return f';\r\n filename="{_escaped(name)}"'
    pieces: list[str] = []
    size = FOLD_CHARS
    for character in name:
        piece = quote(character.encode("utf-8", "replace"), safe="")
        if size + len(piece) > 54:
            pieces.append("")
            size = 0
        pieces[-1] += piece
        size += len(piece)
    if len(pieces) == 1:
        return f";\r\n filename*=utf-8''{pieces[0]}"
    return "".join(
        f";\r\n filename*{index}*={chr(39).join(('utf-8', '', piece)) if index == 0 else piece}"
        for index, piece in enumerate(pieces)
    )


def _name_param(filename: str) -> str:
    """The older `name` with encoded words, which some clients need (against RFC 2047 §5, as all do)."""
    name = _checked(filename)
    if not name:
        return ""
    if name.isascii() and len(name) <= 60:
        return f';\r\n name="{_escaped(name)}"'
    return ';\r\n name="' + "\r\n ".join(encoded_words(name)) + '"'


def address_field(name: str, people: Sequence[Address]) -> str:
    """A folded address list. Raises ValueError for an address that cannot be written."""
    return _folded(name, [_address_words(person) for person in people], joint=",")


def _address_words(person: Address) -> list[str]:
    spec = _spec(person.email)
    name = _CONTROL.sub(" ", _checked(person.name)).strip()
    if not name:
        return [spec]
    return [*_phrase(name), f"<{spec}>"]


def _phrase(name: str) -> list[str]:
    if not name.isascii() or "=?" in name or len(name) > 200:
        return encoded_words(name)
    if _ATOMS.fullmatch(name):
        return name.split()
    return [f'"{_escaped(name)}"']


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _spec(email: str) -> str:
    local, _, domain = _checked(email).rpartition("@")
    if not local or len(email) > 320:
        raise ValueError("not an address")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise ValueError("not a domain") from error
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("not a domain")
    if not _DOT_ATOM.fullmatch(local) and not _QUOTED_LOCAL.fullmatch(local):
        if not _QUOTABLE_LOCAL.fullmatch(local):
            raise ValueError("not an address")
        local = f'"{local}"'
    return f"{local}@{domain}"


def report_fields(
    *, date: datetime, from_: Address, to: str, subject: str, message_id: str, about: str | None
) -> list[str]:
    """The header of a report that a program writes about a message (`about`, its id). Raises ValueError."""
    fields = [
        f"Date: {format_datetime(date)}",
        address_field("From", [from_]),
        address_field("To", [Address("", to)]),
        text_field("Subject", subject),
        id_field("Message-ID", [message_id]),
    ]
    if about:
        fields += [id_field(name, [about]) for name in ("In-Reply-To", "References")]
    return [*fields, "Auto-Submitted: auto-replied", "MIME-Version: 1.0"]


def id_field(name: str, ids: Sequence[str]) -> str:
    """A folded field of message ids, given without angle brackets."""
    if not all(_MESSAGE_ID.fullmatch(each) for each in ids):
        raise ValueError("not a message id")
    return _folded(name, [[f"<{each}>"] for each in ids], joint="")


def text_field(name: str, value: str) -> str:
    """A folded unstructured field, as encoded words where it is not plain ASCII."""
    if not _FIELD_NAME.fullmatch(name):
        raise ValueError("not a field name")
    text = _CONTROL.sub(" ", _checked(value)).strip()
    words = text.split(" ")
    is_plain = text.isascii() and "=?" not in text and "  " not in text
    if not is_plain or any(len(word) > MAX_PLAIN_WORD for word in words):
        words = encoded_words(text)
    return _folded(name, [words], joint="")


def _checked(value: str) -> str:
    if _FORBIDDEN.search(value):
        raise ValueError("a header value must not hold line breaks or NUL")
    return value


def _folded(name: str, groups: Sequence[Sequence[str]], *, joint: str) -> str:
    """Words with single spaces, or folds where the line would pass 76; `joint` ends each group but the last."""
    line = f"{name}:"
    lines: list[str] = []
    for index, group in enumerate(groups):
        for place, word in enumerate(group):
            is_end = place == len(group) - 1 and index < len(groups) - 1
            written = word + joint if is_end else word
            if len(line) + 1 + len(written) > FOLD_CHARS and line.strip() and line != f"{name}:":
                lines.append(line)
                line = ""
            line += " " + written
    lines.append(line)
    return "\r\n".join(lines)
