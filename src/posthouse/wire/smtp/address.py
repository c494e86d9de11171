"""Envelope addresses and paths (RFC 5321 §4.1.2, §4.1.3; RFC 6531 §3.3).

The grammar is read strictly: two servers that read one address differently are how mail is relayed or
delivered to the wrong person. Two things are looser than the letter. Length: RFC 5321 §4.5.3.1 asks for no
limits where possible, and bounce addresses with local parts beyond 64 octets are common. Source routes are
read and thrown away, as Appendix C allows, so only the last mailbox is ever judged.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

MAX_LOCAL_OCTETS = 254
MAX_DOMAIN_OCTETS = 255
MAX_LABEL_OCTETS = 63

_WIDE = "\x80-\U0010ffff"
_ATOM = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~\-{_WIDE}]+"
_DOT_STRING = rf"{_ATOM}(?:\.{_ATOM})*"
_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"'
_DOMAIN = rf"[A-Za-z0-9_\-{_WIDE}]+(?:\.[A-Za-z0-9_\-{_WIDE}]+)*"
_LITERAL = r"\[[A-Za-z0-9.:\-]+\]"
_MAILBOX = rf"(?P<local>{_DOT_STRING}|{_QUOTED})@(?P<domain>{_DOMAIN}|{_LITERAL})"
_HOP = rf"@(?:{_DOMAIN}|{_LITERAL})"

_PATH = re.compile(rf"<(?:{_HOP}(?:,{_HOP})*:)?{_MAILBOX}>")
_ADDRESS = re.compile(_MAILBOX)
_DOT_STRING_ALONE = re.compile(_DOT_STRING)
_ASCII_DOMAIN = re.compile(r"[A-Za-z0-9_.\-]+")
_QUOTED_PAIR = re.compile(r"\\(.)")
_RELAY_MARKS = frozenset("%!@:")

# IDNA 2003 (the only one in the standard library) folds these to other letters, IDNA 2008 does not: the same
# name could mean two domains, so such names must come as A-labels.
_IDNA_DEVIATIONS = frozenset("\u00df\u03c2\u200c\u200d")


class BadAddress(ValueError):
    """Text that is no mailbox or path; the message says why in words fit for the peer."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address.

    `local` is without quotes and escapes, its letter case kept. `domain` is lower case in A-labels, or an
    address literal in its canonical form (`[192.0.2.1]`, `[IPv6:2001:db8::1]`). Only `<postmaster>` may come
    without a domain (RFC 5321 §4.5.1); the session fills it in.
    """

    local: str
    domain: str

    def __str__(self) -> str:
        local = self.local
        if not _DOT_STRING_ALONE.fullmatch(local):
            local = '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"{local}@{self.domain}" if self.domain else local

    @property
    def is_literal(self) -> bool:
        return self.domain.startswith("[")

    @property
    def needs_smtputf8(self) -> bool:
        return not self.local.isascii()

    @property
    def has_relay_marks(self) -> bool:
        """Whether the local part hides another address: `user%host`, `host!user`, `"user@host"`."""
        return not _RELAY_MARKS.isdisjoint(self.local)


def read_path(text: str) -> tuple[Mailbox | None, str]:
    """Read a path in angle brackets at the start of `text`; return it and what follows.

    `<>` is None. `<postmaster>` has an empty domain. Raises BadAddress.
    """
    if text.startswith("<>"):
        return None, text[2:]
    match = _PATH.match(text)
    if match is not None:
        return _mailbox(match["local"], match["domain"]), text[match.end() :]
    if text[:12].lower() == "<postmaster>":
        return Mailbox(text[1:11], ""), text[12:]
    if not text.startswith("<"):
        raise BadAddress("the address must stand in angle brackets")
    raise BadAddress("not a valid address")


def read_mailbox(text: str) -> Mailbox:
    """Read a bare `local@domain`. Raises BadAddress."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise BadAddress("not a valid address")
    return _mailbox(match["local"], match["domain"])


def read_domain(text: str) -> str:
    """The canonical form of a domain name or address literal. Raises BadAddress."""
    if text.startswith("["):
        return _literal(text)
    if not text.isascii():
        text = _to_a_labels(text)
    if len(text) > MAX_DOMAIN_OCTETS:
        raise BadAddress("the domain is too long")
    if not _ASCII_DOMAIN.fullmatch(text):
        raise BadAddress("not a valid domain")
    for label in text.split("."):
        if not 0 < len(label) <= MAX_LABEL_OCTETS or label[0] == "-" or label[-1] == "-":
            raise BadAddress("not a valid domain")
    return text.lower()


def _mailbox(local: str, domain: str) -> Mailbox:
    if not local.isascii():
        local = unicodedata.normalize("NFC", local)
        if not local.isprintable():
            raise BadAddress("the local part has characters that cannot be shown")
    if len(local.encode("utf-8", "replace")) > MAX_LOCAL_OCTETS:
        raise BadAddress("the local part is too long")
    if local[0] == '"':
        local = _QUOTED_PAIR.sub(r"\1", local[1:-1])
    return Mailbox(local, read_domain(domain))


def _literal(text: str) -> str:
    inside = text[1:-1]
    if not text.endswith("]"):
        raise BadAddress("not a valid address literal")
    try:
        if inside[:5].lower() == "ipv6:":
            return f"[IPv6:{ipaddress.IPv6Address(inside[5:])}]"
        return f"[{ipaddress.IPv4Address(inside)}]"
    except ValueError:
        raise BadAddress("not a valid address literal") from None


def _to_a_labels(text: str) -> str:
    if not _IDNA_DEVIATIONS.isdisjoint(text):
        raise BadAddress("the domain must be given as A-labels")
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadAddress("not a valid domain") from None
