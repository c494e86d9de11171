"""Address lists: mailboxes and groups out of whatever the field holds (RFC 5322 §3.4, obsolete forms §4.4).

Comments, quoted strings, routes, bare words and broken brackets are all met in real mail; every byte is
looked at a bounded number of times and something is always returned.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from posthouse.wire.mime.encoded_words import decode_words
from posthouse.wire.mime.headers import loose

MAX_ADDRESSES = 1_000
"""Of one field; the rest is left out."""

_SPEC = r"([^\s<>()\",:;\\@\[\]]+)@([A-Za-z0-9.-]+)"
_PLAIN = re.compile(rf"(?:\"([^\"\\<>]*)\" *|([^\"\\<>(),:;@\[\]]*))<{_SPEC}>|()(){_SPEC}")
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | "(?P<quoted>(?:[^"\\]|\\.)*+)"?
    | <(?P<angle>(?:[^"<>\\]|"(?:[^"\\]|\\.)*+"|\\.)*+)(?P<closed>>?)
    | (?P<word>=\?[^?\s]{1,64}\?[bBqQ]\?[^?"<>]*\?=)
    | (?P<special>[,;:()>])
    | (?P<atom>(?:[^\s"(),:;<>\[\\]|\\.?|\[[^\]\s]*+\]?)+)""",
    re.VERBOSE | re.DOTALL,
)
_IN_COMMENT = re.compile(r"[^()\\]+|\\.?|[()]", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.)*+)"@', re.DOTALL)
_AROUND_POINT = re.compile(r"\s*([@.])\s*")
_COMMENT = re.compile(r"\([^()]*\)")


class Address(msgspec.Struct, frozen=True, array_like=True):
    """A person as shown: decoded display name ("" where there is none) and address as written."""

    name: str
    email: str


class Mailbox(NamedTuple):
    """One entry of a list, texts still encoded, as IMAP's ENVELOPE wants it (RFC 9051 §7.5.2).

    A group begins with an entry of which only `local` (its name) is set and ends with one of which
    nothing is.
    """

    name: str | None
    route: str | None
    local: str | None
    domain: str | None


GROUP_END = Mailbox(None, None, None, None)


def parse_addresses(text: str) -> list[Mailbox]:
    """The entries of an unfolded address list, in order, at most MAX_ADDRESSES."""
    if found := _PLAIN.fullmatch(text):
        quoted, name, local, domain, _, _, bare_local, bare_domain = found.groups()
        return [
            Mailbox((quoted or name or "").strip() or None, None, local or bare_local, domain or bare_domain)
        ]
    return _AddressList(text).entries


def people(entries: list[Mailbox]) -> tuple[Address, ...]:
    """The mailboxes of a parsed list without its groups, names decoded."""
    found = []
    for entry in entries:
        if entry.domain is None or (not entry.local and not entry.name):
            continue
        local, domain = entry.local or "", entry.domain
        name = decode_words(entry.name).strip() if entry.name else ""
        found.append(Address(name, f"{local}@{domain}" if domain else local))
    return tuple(found)


def parse_people(value: bytes) -> tuple[Address, ...]:
    """The people of a raw address field."""
    return people(parse_addresses(loose(value)))


class _AddressList:
    """Collects one entry at a time. `words` holds (text as shown, text as written, follows white space)."""

    def __init__(self, text: str) -> None:
        self.entries: list[Mailbox] = []
        self.words: list[tuple[str, str, bool]] = []
        self.comments: list[str] = []
        self.angle: str | None = None
        self.is_in_group = False
        self._read(text)

    def _read(self, text: str) -> None:
        position, after_space, match = 0, True, _TOKEN.match
        while found := match(text, position):
            kind = found.lastgroup
            position = found.end()
            if kind == "special":
                position = self._special(found[0], text, position)
            elif kind in ("angle", "closed"):
                position = self._angle(found, position)
            elif kind != "space":
                self._word(found, after_space=after_space)
            after_space = kind == "space"
            if len(self.entries) >= MAX_ADDRESSES:
                self.words, self.angle, self.comments = [], None, []
                break
        self._flush()
        if self.is_in_group:
            self.entries.append(GROUP_END)

    def _word(self, found: re.Match[str], *, after_space: bool) -> None:
        if self.angle is not None:
            return
        shown = found["quoted"] if found.lastgroup == "quoted" else found[0]
        if "\\" in shown:
            shown = _ESCAPE.sub(r"\1", shown)
        self.words.append((shown, found[0], after_space))

    def _special(self, sign: str, text: str, position: int) -> int:
        if sign == "(":
            return self._comment(text, position)
        if sign == ",":
            self._flush()
        elif sign == ";":
            self._flush()
            if self.is_in_group:
                self.entries.append(GROUP_END)
                self.is_in_group = False
        elif sign == ":" and self._may_begin_group():
            self.entries.append(Mailbox(None, None, _shown(self.words), None))
            self.words, self.comments, self.is_in_group = [], [], True
        return position

    def _may_begin_group(self) -> bool:
        if not self.words or self.angle is not None or self.is_in_group:
            return False
        return not any("@" in shown for shown, _, _ in self.words)

    def _comment(self, text: str, position: int) -> int:
        depth, start = 1, position
        while depth and (found := _IN_COMMENT.match(text, position)):
            position = found.end()
            depth += (found[0] == "(") - (found[0] == ")")
        self.comments.append(_ESCAPE.sub(r"\1", text[start : position - (depth == 0)]).strip())
        return position

    def _angle(self, found: re.Match[str], position: int) -> int:
        if self.angle is not None:
            self._flush()
        inside = found["angle"]
        if not found["closed"] and "," in inside and '"' not in inside:
            position = found.start("angle") + inside.index(",")
            inside = inside[: inside.index(",")]
        self.angle = inside
        return position

    def _flush(self) -> None:
        """The words, comments and brackets since the last comma become an entry."""
        words, comments, angle = self.words, self.comments, self.angle
        self.words, self.comments, self.angle = [], [], None
        if angle is not None:
            name = _shown(words) or " ".join(comments) or None
            self.entries.append(_from_angle(name, angle))
        elif words:
            self.entries.append(_from_words(words, " ".join(comments) or None))


def _shown(words: list[tuple[str, str, bool]]) -> str:
    pieces: list[str] = []
    for shown, _, after_space in words:
        if after_space and pieces:
            pieces.append(" ")
        pieces.append(shown)
    return "".join(pieces).strip()


def _from_angle(name: str | None, angle: str) -> Mailbox:
    route = None
    if "(" in angle:
        angle = _COMMENT.sub("", angle)
    angle = angle.strip()
    if angle.startswith("@") and ":" in angle:
        route, _, angle = angle.partition(":")
    if angle.lower().startswith("mailto:"):
        angle = angle[7:]
    local, domain = _split_spec(angle)
    return Mailbox(name, route, local, domain)


def _split_spec(spec: str) -> tuple[str, str]:
    if " " in spec or "\t" in spec:
        spec = _AROUND_POINT.sub(r"\1", " ".join(spec.split()))
    if spec.startswith('"') and (found := _QUOTED_LOCAL.match(spec)):
        return _ESCAPE.sub(r"\1", found[1]), spec[found.end() :].strip()
    local, _, domain = spec.rpartition("@")
    return (local, domain) if local or domain else (spec, "")


def _from_words(words: list[tuple[str, str, bool]], comment: str | None) -> Mailbox:
    """An address without brackets; other words beside it are taken for the name."""
    if not any("@" in written for _, written, _ in words):
        if len(words) > 1:
            return Mailbox(_shown(words), None, "", "")
        return Mailbox(comment, None, _shown(words), "")
    pieces: list[str] = []
    for _, written, after_space in words:
        if after_space and pieces:
            pieces.append(" ")
        pieces.append(written)
    joined = "".join(pieces)
    if not joined.startswith('"'):
        joined = _AROUND_POINT.sub(r"\1", joined)
    named: list[str] = []
    spec = ""
    for word in joined.split(" ") if not joined.startswith('"') else [joined]:
        if "@" in word and not spec:
            spec = word
        else:
            named.append(word)
    local, domain = _split_spec(spec)
    return Mailbox(" ".join(named) or comment, None, local, domain)
