"""Values as a server writes them: strings, flags, names, dates (RFC 9051 §9)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from functools import lru_cache

from posthouse.wire.imap import utf7

_NOT_QUOTABLE = re.compile(rb"[\x00\r\n\x80-\xff]")
_QUOTABLE_UTF8 = re.compile(rb"[^\x00\r\n]{0,1000}")
_PLAIN_ATOM = re.compile(rb"[^\x00-\x20\x7f-\xff(){%*\"\\\]]+\Z")
_TO_ESCAPE = re.compile(rb'(["\\])')
_UNSAFE_TEXT = re.compile(r"[\x00-\x1f\x7f]+")
MAX_QUOTED_BYTES = 1_000
_SECONDS = [b'%02d +0000"' % second for second in range(60)]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def quoted(value: bytes) -> bytes:
    """For bytes known to hold neither CR, LF, NUL nor 8-bit."""
    return b'"' + _TO_ESCAPE.sub(rb"\\\1", value) + b'"'


def literal(value: bytes) -> bytes:
    return b"{%d}\r\n%b" % (len(value), value)


def string(value: bytes) -> bytes:
    """Quoted where that is possible, else a literal, so that any bytes arrive unchanged."""
    if len(value) > MAX_QUOTED_BYTES or _NOT_QUOTABLE.search(value):
        return literal(value)
    return quoted(value)


def nstring(value: bytes | None) -> bytes:
    return b"NIL" if value is None else string(value)


def astring(value: bytes) -> bytes:
    return value if _PLAIN_ATOM.match(value) and value.upper() != b"NIL" else string(value)


def mailbox(name: str) -> bytes:
    """A mailbox name in modified UTF-7, always quoted: strict clients read nothing else."""
    return string(utf7.encode(name))


def mailbox_utf8(name: str) -> bytes:
    """The same as it is, for a client that enabled UTF-8 (RFC 9051 §4.3): always quoted unless that cannot be."""
    raw = name.encode("utf-8", "replace")
    return quoted(raw) if _QUOTABLE_UTF8.fullmatch(raw) else literal(raw)


def flag_list(flags: Iterable[bytes]) -> bytes:
    return b"(" + b" ".join(flags) + b")"


def internal_date(ms: int) -> bytes:
    """`"17-Jul-1996 02:44:25 +0000"`, quoted; the day is padded with a space (date-day-fixed)."""
    days, seconds = divmod(ms // 1000, 86_400)
    minutes, seconds = divmod(seconds, 60)
    return b'"%b %02d:%02d:%02d +0000"' % (_day(days), minutes // 60, minutes % 60, seconds)


def internal_dates(moments_ms: Iterable[int]) -> list[bytes]:
    """The same of many, of which neighbours share their minute."""
    dates: list[bytes] = []
    known, start = -1, b""
    for ms in moments_ms:
        minute, second = divmod(ms // 1000, 60)
        if minute != known:
            known, start = minute, internal_date(minute * 60_000)[:-9]
        dates.append(start + _SECONDS[second])
    return dates


@lru_cache(maxsize=4096)
def _day(days: int) -> bytes:
    moment = time.gmtime(days * 86_400)
    return b"%2d-%b-%04d" % (moment.tm_mday, _MONTHS[moment.tm_mon - 1].encode("ascii"), moment.tm_year)


def text(message: str) -> bytes:
    """Human-readable text of a response: one line of ASCII, never empty (clients choke on nothing)."""
    line = _UNSAFE_TEXT.sub(" ", message).encode("ascii", "replace").strip()
    return line or b"Done."
