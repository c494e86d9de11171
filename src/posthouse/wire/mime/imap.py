"""IMAP's answers about a message, made once at arrival: ENVELOPE, BODY and BODYSTRUCTURE.

RFC 9051 §7.5.2 (RFC 3501 §7.4.2 alike). The bytes are plain ASCII, so they suit every client whatever it enabled:
8-bit header text is shown as encoded words, an 8-bit domain in its A-label form. Strings are quoted where that is
allowed and short, else literals. Odd cases follow Dovecot, which clients are tried against.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache

from posthouse.wire.mime.addresses import Mailbox
from posthouse.wire.mime.params import Params
from posthouse.wire.mime.part import Part

MAX_QUOTED_CHARS = 4_000
"""Longer strings are literals, since clients limit the length of a line."""
MAX_WORD_BYTES = 45
"""Bytes put into one encoded word, so that it stays within 75 characters (RFC 2047 §2)."""

_NO_PARTS_BODY = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)'
_NO_PARTS_STRUCTURE = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)'
_EMPTY_ENVELOPE = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"
_DEFAULT_CHARSET = ("charset", "us-ascii")
_LANGUAGES = re.compile(r"[A-Za-z0-9-]{1,35}")
MAX_LANGUAGES = 20


class Envelope:
    """Header values an ENVELOPE is made of: unfolded text with encoded words left as they are, parsed lists."""

    __slots__ = (
        "bcc",
        "cc",
        "date",
        "from_",
        "in_reply_to",
        "message_id",
        "reply_to",
        "sender",
        "subject",
        "to",
    )

    def __init__(self) -> None:
        self.date: str | None = None
        self.subject: str | None = None
        self.in_reply_to: str | None = None
        self.message_id: str | None = None
        self.from_: list[Mailbox] = []
        self.sender: list[Mailbox] = []
        self.reply_to: list[Mailbox] = []
        self.to: list[Mailbox] = []
        self.cc: list[Mailbox] = []
        self.bcc: list[Mailbox] = []


def string(text: str | None) -> str:
    """An nstring of printable text; NIL for None."""
    if text is None:
        return "NIL"
    if not text.isascii():
        text = encode_words(text)
    if len(text) > MAX_QUOTED_CHARS or not text.isprintable():
        return f"{{{len(text)}}}\r\n{text}"
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def encode_words(text: str) -> str:
    """Text as encoded words with single spaces between them; ASCII text comes back unchanged."""
    if text.isascii():
        return text
    words: list[str] = []
    piece = bytearray()
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(piece) + len(encoded) > MAX_WORD_BYTES:
            words.append(_word(piece))
            piece = bytearray()
        piece += encoded
    words.append(_word(piece))
    return " ".join(words)


def _word(data: bytes | bytearray) -> str:
    return f"=?utf-8?B?{base64.b64encode(data).decode()}?="


def envelope(fields: Envelope) -> str:
    """The ENVELOPE of a message; a missing Sender or Reply-To is From (RFC 9051 §7.5.2)."""
    from_ = _addresses(fields.from_)
    sender = _addresses(fields.sender) if fields.sender else from_
    reply_to = _addresses(fields.reply_to) if fields.reply_to else from_
    return (
        f"({string(fields.date)} {string(fields.subject)} {from_} {sender} {reply_to} {_addresses(fields.to)} "
        f"{_addresses(fields.cc)} {_addresses(fields.bcc)} {string(fields.in_reply_to)} {string(fields.message_id)})"
    )


def _addresses(entries: list[Mailbox]) -> str:
    if not entries:
        return "NIL"
    return f"({''.join([_address(entry) for entry in entries])})"


def _address(entry: Mailbox) -> str:
    name, route, local, domain = entry
    if domain is None:
        return f"(NIL NIL {string(local)} NIL)"
    if not domain:
        domain = "MISSING_DOMAIN"
    elif not domain.isascii():
        domain = _a_labels(domain)
    return f"({string(name)} {string(route)} {string(local or 'MISSING_MAILBOX')} {string(domain)})"


def _a_labels(domain: str) -> str:
    try:
        return domain.encode("idna").decode() if len(domain) <= 253 else domain
    except UnicodeError:
        return domain


def body(part: Part, envelopes: dict[int, str]) -> str:
    """BODY: the structure without extension data. `envelopes` maps where an inner message begins to its ENVELOPE."""
    return _structure(part, envelopes, extended=False)


def bodystructure(part: Part, envelopes: dict[int, str]) -> str:
    """BODYSTRUCTURE, with extension data."""
    return _structure(part, envelopes, extended=True)


def _structure(part: Part, envelopes: dict[int, str], *, extended: bool) -> str:
    main, _, sub = part.content_type.partition("/")
    if main == "multipart":
        return _multipart(part, sub, envelopes, extended=extended)
    params, encoding = _params(part.params), string(part.encoding)
    size = f"{part.body_end - part.body_start}"
    if main == "text":
        if not any(name == "charset" for name, _ in part.params):
            params = _params((*part.params, _DEFAULT_CHARSET))
        size = f"{size} {part.lines}"
    elif part.is_message:
        inner = part.children[0]
        shown = _structure(inner, envelopes, extended=extended)
        size = f"{size} {envelopes.get(inner.header_start, _EMPTY_ENVELOPE)} {shown} {part.lines}"
    elif part.content_type == "message/rfc822":
        shown = _NO_PARTS_STRUCTURE if extended else _NO_PARTS_BODY
        size = f"{size} {_EMPTY_ENVELOPE} {shown} {part.lines}"
    basic = f"({string(main)} {string(sub)} {params} {string(part.content_id)} {string(part.description)} {encoding} {size}"
    if not extended:
        return basic + ")"
    return f"{basic} {string(part.md5)} {_extension(part)})"


def _multipart(part: Part, sub: str, envelopes: dict[int, str], *, extended: bool) -> str:
    inside = "".join([_structure(child, envelopes, extended=extended) for child in part.children])
    if not extended:
        return f"({inside or _NO_PARTS_BODY} {string(sub)})"
    return f"({inside or _NO_PARTS_STRUCTURE} {string(sub)} {_params(part.params)} {_extension(part)})"


def _extension(part: Part) -> str:
    if part.disposition is None and part.language is None and part.location is None:
        return "NIL NIL NIL"
    disposition = "NIL"
    if part.disposition is not None:
        disposition = f"({string(part.disposition)} {_params(part.disposition_params)})"
    return f"{disposition} {_language(part.language)} {string(part.location)}"


def _language(value: str | None) -> str:
    tags = _LANGUAGES.findall(value)[:MAX_LANGUAGES] if value else []
    return "(" + " ".join([f'"{tag}"' for tag in tags]) + ")" if tags else "NIL"


def _params(params: Params) -> str:
    if not params:
        return "NIL"
    if len(params) == 1:
        return _short_params(params)
    return "(" + " ".join([f"{string(name)} {string(value)}" for name, value in params]) + ")"


@lru_cache(maxsize=256)
def _short_params(params: Params) -> str:
    (name, value), *_ = params
    return f"({string(name)} {string(value)})"
