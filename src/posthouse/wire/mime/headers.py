"""Header fields as they lie in a message: split, unfold, find.

RFC 5322 §2.2, §3.6.8 and the obsolete white space before the colon (§4.5.8). Lines end in CRLF or LF. A line
that is no field and no continuation ends the header, as in Python's `email`, so mail that lost its blank line
keeps its body. Everything is linear: one anchored pattern walks the block once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_HEADER_BYTES = 256 * 1024
"""What lies further into one header block is kept but not understood."""
MAX_FIELD_BYTES = 64 * 1024
"""A longer value is cut before it is parsed."""
MAX_MESSAGE_IDS = 1_000
MAX_ID_CHARS = 998

_FIELD = re.compile(rb"([!-9;-~]*)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*+)\n?")
_FROM_LINE = re.compile(rb">?From [^\n]*\n?")
_STRAY_LINE = re.compile(rb"(?:[ \t][^\n]*|>?From [^\n]*)\n?")
_BLANK = re.compile(rb"\r?\n")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,998})>")
_BARE_WORD = re.compile(r"[^<>\s,;()\"]+")


class Header(NamedTuple):
    """One header block. `fields` holds lower-case names and values as they came, folds and CR included."""

    fields: list[tuple[bytes, bytes]]
    start: int
    body_start: int
    has_blank: bool
    is_cut: bool


def read_header(raw: bytes, start: int, end: int, *, budget: int = MAX_HEADER_BYTES) -> Header:
    """Split the header block that begins at `start`; `body_start` lies behind the blank line.

    At most `budget` bytes are understood. A leading mbox `From ` line is skipped and moves `start`.
    """
    if raw.startswith((b"From ", b">From "), start) and (line := _FROM_LINE.match(raw, start, end)):
        start = line.end()
    window = min(end, start + budget)
    fields: list[tuple[bytes, bytes]] = []
    append, match = fields.append, _FIELD.match
    position = start
    while True:
        while found := match(raw, position, window):
            name, value = found.groups()
            append((name.lower(), value))
            position = found.end()
        stray = _STRAY_LINE.match(raw, position, window)
        if stray is None or stray.end() == position:
            break
        position = stray.end()
    if position >= window and window < end:
        body_start, has_blank = _behind_blank_line(raw, position, end)
        return Header(fields, start, body_start, has_blank=has_blank, is_cut=True)
    blank = _BLANK.match(raw, position, end)
    if blank is None:
        return Header(fields, start, position, has_blank=position >= end, is_cut=False)
    return Header(fields, start, blank.end(), has_blank=True, is_cut=False)


def _behind_blank_line(raw: bytes, position: int, end: int) -> tuple[int, bool]:
    position = max(0, position - 2)
    ends = [at + len(mark) for mark in (b"\n\r\n", b"\n\n") if (at := raw.find(mark, position, end)) >= 0]
    return (min(ends), True) if ends else (end, False)


def unfold(value: bytes) -> bytes:
    """Take out the line breaks, keep the white space behind them (RFC 5322 §2.2.3), strip the ends."""
    if b"\n" in value:
        value = value.replace(b"\r\n", b"").replace(b"\n", b"")
    return value.strip(b" \t\r")


def loose(value: bytes) -> str:
    """Header bytes as text: UTF-8 where it is that, else Windows-1252. No controls; encoded words stay."""
    value = unfold(value[:MAX_FIELD_BYTES])
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("cp1252", "replace")
    return text if text.isprintable() else without_controls(text)


_CONTROLS = dict.fromkeys((*range(32), 127), " ") | dict.fromkeys(range(55296, 57344), "�") | {0: None}


def without_controls(text: str) -> str:
    """Control characters become spaces, NUL goes, lone surrogates become U+FFFD."""
    return text.translate(_CONTROLS)


def find(raw: bytes, name: bytes, *, within: int = MAX_HEADER_BYTES) -> bytes | None:
    """The first field of that name in a message's header, unfolded, or None. Reads `within` bytes at most."""
    wanted = name.lower()
    for field, value in read_header(raw, 0, len(raw), budget=within).fields:
        if field == wanted:
            return unfold(value)
    return None


def message_ids(value: str) -> tuple[str, ...]:
    """The ids of a Message-ID, In-Reply-To or References field, without angle brackets, in order, each once.

    Bare `left@right` is taken where no bracket is found, since old mail has it so.
    """
    found = _MESSAGE_ID.findall(value)
    if not found:
        found = [
            word for word in _BARE_WORD.findall(value) if "@" in word[1:-1] and len(word) <= MAX_ID_CHARS
        ]
    return tuple(dict.fromkeys(found[:MAX_MESSAGE_IDS]))
