"""IMAP's answers about a message, made once at arrival: ENVELOPE, BODY and BODYSTRUCTURE.

RFC 9051 §7.5.2 (RFC 3501 §7.4.2 alike). The bytes are plain ASCII, so they suit every client whatever it
enabled: 8-bit header text is shown as encoded words, an 8-bit domain in its A-label form. Strings are quoted
where that is allowed and short, else literals. Odd cases follow Dovecot, which clients are tried against.
"""

from __future__ import annotations

import re
from functools import lru_cache

from posthouse.wire.mime.addresses import Mailbox
from posthouse.wire.mime.encoded_words import encoded_words
from posthouse.wire.mime.params import Params
from posthouse.wire.mime.part import Part

MAX_QUOTED_CHARS = 4_000
"""Longer strings are literals, since clients limit the length of a line."""

_NO_PARTS_BODY = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)'
_NO_PARTS_STRUCTURE = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)'
_EMPTY_ENVELOPE = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"
_DEFAULT_CHARSET = ("charset", "us-ascii")
_LANGUAGES = re.compile(r"[A-Za-z0-9-]{1,35}")
MAX_LANGUAGES = 20


class Envelope:
    """Header values an ENVELOPE is made of: unfolded text, encoded words as they are, parsed lists."""

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
        text = " ".join(encoded_words(text))
    if len(text) > MAX_QUOTED_CHARS or not text.isprintable():
        return f"{{{len(text)}}}\r\n{text}"
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def envelope(fields: Envelope) -> str:
    """The ENVELOPE of a message; a missing Sender or Reply-To is From (RFC 9051 §7.5.2)."""
    from_ = _addresses(fields.from_)
    sender = _addresses(fields.sender) if fields.sender else from_
    reply_to = _addresses(fields.reply_to) if fields.reply_to else from_
    return (
        f"({string(fields.date)} {string(fields.subject)} {from_} {sender} {reply_to} "
        f"{_addresses(fields.to)} {_addresses(fields.cc)} {_addresses(fields.bcc)} "
        f"{string(fields.in_reply_to)} {string(fields.message_id)})"
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


def structures(part: Part, envelopes: dict[int, str]) -> tuple[str, str]:
    """BODY and BODYSTRUCTURE. `envelopes` maps where an inner message begins to its ENVELOPE."""
    main, _, sub = part.content_type.partition("/")
    if main == "multipart":
        return _multipart(part, sub, envelopes)
    params = _params(part.params)
    size = f"{part.body_end - part.body_start}"
    extended_size = ""
    if main == "text":
        if not any(name == "charset" for name, _ in part.params):
            params = _params((*part.params, _DEFAULT_CHARSET))
        size = f"{size} {part.lines}"
    elif part.content_type == "message/rfc822":
        shown, inner, inner_extended = _EMPTY_ENVELOPE, _NO_PARTS_BODY, _NO_PARTS_STRUCTURE
        if part.children:
            shown = envelopes.get(part.children[0].header_start, _EMPTY_ENVELOPE)
            inner, inner_extended = structures(part.children[0], envelopes)
        extended_size = f"{size} {shown} {inner_extended} {part.lines}"
        size = f"{size} {shown} {inner} {part.lines}"
    kind = f"{string(main)} {string(sub)} {params}"
    basic = f"({kind} {string(part.content_id)} {string(part.description)} {string(part.encoding)} "
    return f"{basic}{size})", f"{basic}{extended_size or size} {string(part.md5)} {_extension(part)})"


def _multipart(part: Part, sub: str, envelopes: dict[int, str]) -> tuple[str, str]:
    if part.children:
        made = [structures(child, envelopes) for child in part.children]
        inside, extended = "".join([basic for basic, _ in made]), "".join([full for _, full in made])
    else:
        inside, extended = _NO_PARTS_BODY, _NO_PARTS_STRUCTURE
    kind = string(sub)
    return f"({inside} {kind})", f"({extended} {kind} {_params(part.params)} {_extension(part)})"


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
