"""SPF records as terms (RFC 7208 §4.6, §5, §6, §12). A record is read whole before any of it counts (§4.6)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from posthouse.wire.auth.spf_macros import BadMacro, check_domain_spec, check_macro_string

MAX_RECORD_CHARS = 16_384
MAX_TERMS = 500
RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}

_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.DOTALL)
_DIRECTIVE = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::(.+)|(?=/)(.+))?", re.IGNORECASE | re.DOTALL
)
_CIDR = re.compile(r"(.*?)(?:/(\d{1,3}))?(?://(\d{1,3}))?", re.DOTALL)
_LENGTH = re.compile(r"0|[1-9]\d{0,2}")


class BadRecord(ValueError):
    """The record breaks the grammar: "permerror"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """`target` is a domain-spec with macros, or "" for the domain itself; `network` is that of ip4 and ip6."""

    name: str
    result: str
    text: str
    target: str = ""
    cidr4: int = 32
    cidr6: int = 128
    network: IPv4Network | IPv6Network | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    mechanisms: tuple[Mechanism, ...]
    redirect: str | None = None
    exp: str | None = None


def is_spf(text: str) -> bool:
    """Whether a TXT record claims to be SPF (RFC 7208 §4.5)."""
    return text[:6].lower() == "v=spf1" and text[6:7] in ("", " ")


@functools.lru_cache(maxsize=512)
def read_record(text: str) -> Record:
    """Raises BadRecord for a fault anywhere."""
    if not text.isascii() or len(text) > MAX_RECORD_CHARS:
        raise BadRecord("not plain ASCII, or too long")
    terms = [term for term in text[6:].split(" ") if term]
    if len(terms) > MAX_TERMS:
        raise BadRecord("too many terms")
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in terms:
        modifier = _MODIFIER.fullmatch(term)
        if modifier is None:
            mechanisms.append(_mechanism(term))
        else:
            _take_modifier(modifiers, modifier[1].lower(), modifier[2])
    return Record(mechanisms=tuple(mechanisms), redirect=modifiers.get("redirect"), exp=modifiers.get("exp"))


def _take_modifier(modifiers: dict[str, str], name: str, value: str) -> None:
    try:
        if name not in ("redirect", "exp"):
            check_macro_string(value)  # §6: unknown ones are passed over, if they are well formed
            return
        check_domain_spec(value)
    except BadMacro as bad:
        raise BadRecord(str(bad)) from bad
    if name in modifiers:
        raise BadRecord(f"{name} stands twice")
    modifiers[name] = value


def _mechanism(term: str) -> Mechanism:
    found = _DIRECTIVE.fullmatch(term)
    if found is None:
        raise BadRecord(f"no such mechanism: {term[:60]}")
    name, result = found[2].lower(), RESULTS[found[1] or "+"]
    value, rest = found[3], found[4]
    if name in ("ip4", "ip6"):
        return Mechanism(name=name, result=result, text=term, network=_network(name, value))
    if name in ("a", "mx"):
        return _with_lengths(name, result, term, value if value is not None else rest)
    if rest is not None or (name == "all" and value is not None):
        raise BadRecord(f"{name} takes no such value")
    if name in ("include", "exists") and value is None:
        raise BadRecord(f"{name} names no domain")
    return Mechanism(name=name, result=result, text=term, target=_target(value))


def _with_lengths(name: str, result: str, term: str, value: str | None) -> Mechanism:
    found = _CIDR.fullmatch(value or "")
    if found is None:
        raise BadRecord("no domain")
    if value and not found[1] and ":" in term:
        raise BadRecord(f"{name}: names no domain")
    return Mechanism(
        name=name,
        result=result,
        text=term,
        target=_target(found[1] or None),
        cidr4=_length(found[2], 32),
        cidr6=_length(found[3], 128),
    )


def _target(value: str | None) -> str:
    if value is None:
        return ""
    try:
        check_domain_spec(value)
    except BadMacro as bad:
        raise BadRecord(str(bad)) from bad
    return value


def _length(value: str | None, most: int) -> int:
    if value is None:
        return most
    if _LENGTH.fullmatch(value) is None or int(value) > most:
        raise BadRecord("no such prefix length")
    return int(value)


def _network(name: str, value: str | None) -> IPv4Network | IPv6Network:
    address, slash, length = (value or "").partition("/")
    most = 32 if name == "ip4" else 128
    try:
        bits = _length(length if slash else None, most)
        return (IPv4Network if name == "ip4" else IPv6Network)(f"{address}/{bits}", strict=False)
    except ValueError as bad:
        raise BadRecord("no such network") from bad
