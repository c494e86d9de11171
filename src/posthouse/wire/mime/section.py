"""Parts of a message by IMAP's section names: FETCH BODY[…] (RFC 9051 §6.4.5.1).

Works on the stored structure, so nothing is parsed again; a plain section is one slice. A section that does
not exist is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from posthouse.wire.mime.part import Extent, Part, find_part

_SPEC = re.compile(
    r"(?:(?P<number>\d{1,6}(?:\.\d{1,6}){0,100})(?:\.|$))?(?P<what>[A-Za-z.]*)(?:\s+\((?P<names>[^()]*)\))?"
)
_NAME = re.compile(rb"[!-9;-~]+")
_NOTHING = re.compile(rb"(?!)")
_FIELD = re.compile(rb"([^\r\n:]*+):[^\n]*(?:\n[ \t][^\n]*)*+\n?|[^\n]*\n?")


def section(root: Part, raw: bytes, spec: str) -> bytes | None:
    """The bytes of a section: "", "TEXT", "1.2", "2.MIME", "2.HEADER.FIELDS (Subject From)" and so on.

    Header fields are as in the message, in its order, and end with the blank line. None when the message has
    no such part, or `spec` is none.
    """
    found = _SPEC.fullmatch(spec.strip())
    if found is None:
        return None
    names = found["names"]
    what = found["what"].upper()
    if what in ("HEADER.FIELDS", "HEADER.FIELDS.NOT"):
        where = section_range(root, len(raw), number=found["number"], what="HEADER")
        if where is None or names is None:
            return None
        wanted = [name.strip('"').encode("utf-8") for name in names.split()]
        return header_fields(raw[slice(*where)], wanted, is_excluding=what.endswith("NOT"))
    where = section_range(root, len(raw), number=found["number"], what=what) if names is None else None
    return None if where is None else raw[slice(*where)]


def section_range(root: Extent, size_bytes: int, *, number: str | None, what: str) -> tuple[int, int] | None:
    """Where a section lies. `number` is "1.2" or None for the message; `what` is "", HEADER, TEXT or MIME.

    Parts that have a number are found in a `Part` only.
    """
    if number is None:
        if what == "":
            return 0, size_bytes
        return _of_message(root, what)
    part = find_part(root, number) if isinstance(root, Part) else None
    if part is None:
        return None
    if what == "":
        return part.body_start, part.body_end
    if what == "MIME":
        return part.header_start, part.body_start
    return _of_message(part.children[0], what) if part.is_message else None


def _of_message(message: Extent, what: str) -> tuple[int, int] | None:
    if what == "HEADER":
        return message.header_start, message.body_start
    if what == "TEXT":
        return message.body_start, message.body_end
    return None


def header_fields(header: bytes, names: Iterable[bytes], *, is_excluding: bool) -> bytes:
    """The fields of those names, or all others, as they are, and the blank line (RFC 9051 §6.4.5.1)."""
    return header_picker(names, is_excluding=is_excluding)(header)


def header_picker(names: Iterable[bytes], *, is_excluding: bool) -> Callable[[bytes], bytes]:
    """The same for many headers."""
    wanted = frozenset(name.lower() for name in names)
    if is_excluding or not all(map(_NAME.fullmatch, wanted)):
        return lambda header: _picked(header, wanted, is_excluding=is_excluding)
    find = _pattern(wanted).findall

    def pick(header: bytes) -> bytes:
        if not header.endswith(b"\n"):
            header += b"\r\n"
        return b"\n".join([*find(b"\n" + header), b"\r\n"])

    return pick


@lru_cache(maxsize=256)
def _pattern(names: frozenset[bytes]) -> re.Pattern[bytes]:
    """Finds fields with what they go on with, each behind a line feed: the engine looks for that one byte by itself."""
    if not names:
        return _NOTHING
    either = b"|".join(map(re.escape, sorted(names)))
    return re.compile(rb"\n((?:" + either + rb")[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*+)", re.IGNORECASE)


def _picked(header: bytes, wanted: Collection[bytes], *, is_excluding: bool) -> bytes:
    """Line by line."""
    kept: list[bytes] = []
    position = 0
    while position < len(header):
        found = _FIELD.match(header, position)
        if found is None or found.end() == position:
            break
        position = found.end()
        line = found[0]
        if line in (b"\r\n", b"\n"):
            break
        name = found[1]
        if name is not None and (name.rstrip(b" \t").lower() in wanted) is not is_excluding:
            kept.append(line if line.endswith(b"\n") else line + b"\r\n")
    return b"".join(kept) + b"\r\n"
