"""Bytes of a message to the tree of its parts (RFC 2045, RFC 2046 §5.1, RFC 5322 §2.1).

One pass over the message whatever its depth: a list of the open parts, a table of the delimiters that may
close them, and `bytes.find` for the next line that could be one. An outer delimiter ends all inner parts
(RFC 2046 §5.1.2). A delimiter line is the boundary and nothing else but trailing white space, so a boundary
may be the prefix of another. Past a limit the rest belongs to the last part found and is opaque.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from posthouse.wire.mime.headers import MAX_HEADER_BYTES, Header, loose, read_header
from posthouse.wire.mime.params import filename_of, param, parse_content_type, parse_disposition
from posthouse.wire.mime.part import Part

MAX_DEPTH = 50
MAX_PARTS = 1_000
MAX_PART_HEADER_BYTES = 512 * 1024
"""Header bytes understood in all parts of a message together, the top one apart."""
MAX_DELIMITER_CANDIDATES = 100_000
"""Lines looked at that begin like a delimiter; ordinary mail has a few for each part."""
MAX_BOUNDARY_BYTES = 1_000

_COMMENT = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\s;\"']+")


class Scan(NamedTuple):
    """What one pass found: the tree, the header of the message, those of messages in it, codes of faults."""

    root: Part
    header: Header
    inner_headers: list[Header]
    defects: tuple[str, ...]


class _Multipart:
    """An open multipart; `level` is where it stands in the list of open parts."""

    __slots__ = ("boundary", "level", "part")

    def __init__(self, part: Part, boundary: bytes, level: int) -> None:
        self.part = part
        self.boundary = boundary
        self.level = level


class _Delimiter(NamedTuple):
    """A delimiter line: its multipart, whether it closes it, the line break before, and what follows."""

    multipart: _Multipart
    is_last: bool
    at: int
    after: int


def scan(raw: bytes) -> Scan:
    """Find the parts of a message. Never raises; offsets are within the message and nest."""
    return _Scanner(raw).run()


class _Scanner:
    """`open` runs from the root inwards; `multiparts` maps each delimiter in force to its multipart."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.open: list[Part] = []
        self.multiparts: dict[bytes, _Multipart] = {}
        self.needle: bytes | None = None
        self.upcoming: _Delimiter | None = None
        self.candidates_left = MAX_DELIMITER_CANDIDATES
        self.parts_left = MAX_PARTS
        self.header_bytes_left = MAX_PART_HEADER_BYTES
        self.inner_headers: list[Header] = []
        self.defects: dict[str, None] = {}

    def run(self) -> Scan:
        raw = self.raw
        header = read_header(raw, 0, len(raw))
        if header.is_cut:
            self.defects["long_header"] = None
        elif not header.has_blank:
            self.defects["no_blank_line"] = None
        if header.start:
            self.defects["mbox_from"] = None
        root = part_of(header, "text/plain")
        self._enter(root)
        if self.multiparts:
            self._find_delimiters(header.body_start)
        if self.multiparts:
            self.defects["open_multipart"] = None
        self._close(0, len(raw))
        return Scan(root, header, self.inner_headers, tuple(self.defects))

    def _enter(self, part: Part) -> None:
        """Make a part the innermost open one, and go on into the message it may hold."""
        while True:
            self.open.append(part)
            depth = len(self.open)
            if part.content_type.startswith("multipart/"):
                self._enter_multipart(part, depth)
                return
            if part.content_type != "message/rfc822":
                return
            if depth >= MAX_DEPTH or self.parts_left <= 0:
                self.defects["too_deep" if depth >= MAX_DEPTH else "too_many_parts"] = None
                return
            header = self._read_header(part.body_start)
            self.inner_headers.append(header)
            inner = part_of(header, "text/plain")
            part.children = [inner]
            part = inner

    def _enter_multipart(self, part: Part, depth: int) -> None:
        boundary = (param(part.params, "boundary") or _extended_boundary(part)).rstrip()
        name = boundary.encode("utf-8", "replace")
        if not name or len(name) > MAX_BOUNDARY_BYTES:
            self.defects["no_boundary"] = None
        elif depth >= MAX_DEPTH:
            self.defects["too_deep"] = None
        elif name not in self.multiparts:
            self.multiparts[name] = _Multipart(part, name, depth)
            self._set_needle()

    def _read_header(self, start: int) -> Header:
        """Read the header at `start`; a delimiter in it ends it."""
        upcoming = self._next_delimiter(start - 1)
        end = upcoming.at + 1 if upcoming else len(self.raw)
        budget = min(MAX_HEADER_BYTES, self.header_bytes_left)
        header = read_header(self.raw, start, end, budget=budget)
        self.parts_left -= 1
        self.header_bytes_left -= min(budget, header.body_start - start)
        return header

    def _set_needle(self) -> None:
        names = list(self.multiparts)
        self.needle = b"\n--" + _common_prefix(names) if names else None
        self.upcoming = None

    def _next_delimiter(self, position: int) -> _Delimiter | None:
        """The first delimiter in force at or behind the line break at `position`."""
        if self.upcoming is not None and self.upcoming.at >= position:
            return self.upcoming
        while self.needle is not None:
            at = self.raw.find(self.needle, max(0, position))
            if at < 0:
                return None
            self.upcoming = self._delimiter_at(at)
            if self.upcoming is not None:
                return self.upcoming
            position = at + 3
            self.candidates_left -= 1
            if self.candidates_left <= 0:
                self.defects["too_many_delimiters"] = None
                self.multiparts.clear()
                self._set_needle()
        return None

    def _delimiter_at(self, at: int) -> _Delimiter | None:
        end = self.raw.find(b"\n", at + 1)
        line = self.raw[at + 3 : end if end >= 0 else None].rstrip(b" \t\r")
        after = end + 1 if end >= 0 else len(self.raw)
        if found := self.multiparts.get(line):
            return _Delimiter(found, is_last=False, at=at, after=after)
        if line.endswith(b"--") and (found := self.multiparts.get(line[:-2])):
            return _Delimiter(found, is_last=True, at=at, after=after)
        return None

    def _find_delimiters(self, position: int) -> None:
        while found := self._next_delimiter(position - 1):
            if found.is_last or self.parts_left > 0:
                position = self._delimit(found)
            else:
                position = self._stop_at(found)

    def _stop_at(self, delimiter: _Delimiter) -> int:
        """No more parts for this multipart: its last one runs on to where the multipart ends."""
        self.defects["too_many_parts"] = None
        self._close(delimiter.multipart.level + 1, self._before_break(delimiter.at))
        self.multiparts.pop(delimiter.multipart.boundary, None)
        self._set_needle()
        return delimiter.after

    def _delimit(self, delimiter: _Delimiter) -> int:
        """Close what a delimiter ends and open what it begins; returns where to look on."""
        multipart, after = delimiter.multipart, delimiter.after
        self._close(multipart.level, self._before_break(delimiter.at))
        if delimiter.is_last:
            del self.multiparts[multipart.boundary]
            self._set_needle()
            return after
        self.upcoming = None
        default = "message/rfc822" if multipart.part.content_type == "multipart/digest" else "text/plain"
        part = part_of(self._read_header(after), default)
        if multipart.part.children:
            multipart.part.children.append(part)
        else:
            multipart.part.children = [part]
        self._enter(part)
        return self.open[-1].body_start

    def _before_break(self, at: int) -> int:
        return at - 1 if at and self.raw[at - 1] == 13 else at

    def _close(self, level: int, end: int) -> None:
        """Close all parts at `level` and deeper; their bodies end at `end`."""
        for part in self.open[level:]:
            part.body_end = max(part.body_start, end)
            if part.content_type.startswith(("text/", "message/")) or not part.children:
                part.lines = self.raw.count(b"\n", part.body_start, part.body_end)
        del self.open[level:]
        stale = [name for name, multipart in self.multiparts.items() if multipart.level > level]
        if stale:
            self.defects["open_multipart"] = None
            for name in stale:
                del self.multiparts[name]
            self._set_needle()


def part_of(header: Header, default: str) -> Part:
    """A part with what its header says; the body's end is not known yet."""
    start = header.body_start
    part = Part(header_start=header.start, body_start=start, body_end=start, content_type=default)
    seen: set[bytes] = set()
    for name, value in header.fields:
        if not name.startswith(b"content-") or name in seen:
            continue
        seen.add(name)
        if name == b"content-type":
            part.content_type, part.params = parse_content_type(value)
        elif name == b"content-transfer-encoding":
            part.encoding = _encoding(value)
        elif name == b"content-disposition":
            disposition, part.disposition_params = parse_disposition(value)
            part.disposition = disposition or None
        elif field := _TEXT_FIELDS.get(name):
            setattr(part, field, loose(value) or None)
    if part.params or part.disposition_params:
        part.filename = filename_of(part.disposition_params, part.params)
    return part


_TEXT_FIELDS = {
    b"content-id": "content_id",
    b"content-description": "description",
    b"content-md5": "md5",
    b"content-language": "language",
    b"content-location": "location",
}


def _common_prefix(names: list[bytes]) -> bytes:
    if len(names) == 1:
        return names[0]
    low, high = min(names), max(names)
    for index in range(len(low)):
        if high[index : index + 1] != low[index : index + 1]:
            return low[:index]
    return low


def _encoding(value: bytes) -> str:
    text = loose(value).lower()
    if "(" in text:
        text = _COMMENT.sub(" ", text)
    found = _WORD.search(text)
    return found[0] if found else "7bit"


def _extended_boundary(part: Part) -> str:
    value = param(part.params, "boundary*") or ""
    return value.rpartition("'")[2]
