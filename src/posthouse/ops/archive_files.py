"""Reading archives on disk as a stream of messages: mbox, Maildir and folders of .eml files.

Each reader yields messages in a stable order with a mark after each, from which it can go on later, also when files
were added, renamed or removed meanwhile. Memory holds one message. Line ends become CRLF, which is what IMAP and SMTP
carry (RFC 5322 §2.3); nothing else is changed.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from posthouse.base.errors import Invalid, TooLarge
from posthouse.mail import flags as flag
from posthouse.wire.imap import utf7
from posthouse.wire.mime.dates import parse_date
from posthouse.wire.mime.headers import find, loose

MAX_MESSAGE_BYTES = 256_000_000
PIECE_BYTES = 1 << 20
HEADER_WINDOW = 64 * 1024
_SEPARATOR = re.compile(
    rb"From .*\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b.*\b\d{1,2}:\d\d(?::\d\d)?\b"
)
_YEAR = re.compile(rb"\b(?:19|20)\d\d\b")
_FROM_DATE = re.compile(rb"^From \S* *(.*?)\s*$")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_BARE_LF = re.compile(rb"(?<!\r)\n")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"^(X-)?Status:[ \t]*([A-Za-z]*)\r?$", re.MULTILINE | re.IGNORECASE)
_STATUS_BITS = {"R": flag.SEEN, "A": flag.ANSWERED, "F": flag.FLAGGED, "T": flag.DRAFT}
_MAILDIR_BITS = {"S": flag.SEEN, "R": flag.ANSWERED, "F": flag.FLAGGED, "D": flag.DRAFT, "P": flag.FORWARDED}
_MAILDIR_INFO = re.compile(r"[:;!]2,")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedMessage:
    """`mark` is where to go on after this one, `name` what a person may look for it by; `done_bytes` how much of
    the archive is behind it."""

    raw: bytes
    received_at_ms: int | None
    flags: int
    mailbox: str
    mark: str
    name: str
    done_bytes: int


def to_crlf(raw: bytes) -> bytes:
    return _BARE_LF.sub(b"\r\n", raw) if b"\n" in raw.replace(b"\r\n", b"") else raw


def total_bytes(kind: str, path: Path) -> int:
    """How much there is to read; raises Invalid when there is no such archive."""
    try:
        if kind == "mbox" and path.is_file():
            return path.stat().st_size
        if kind == "maildir" and _is_maildir(path):
            return sum(item.file.stat().st_size for item in _maildir_files(path))
        if kind == "eml" and path.exists():
            return sum(file.stat().st_size for _, file in _eml_files(path))
    except OSError as error:
        raise _unreadable(path, error) from error
    if not path.exists():
        raise Invalid("no_such_archive", f"There is no {path}.")
    raise Invalid("no_such_archive", f"{path} is no {kind} archive.")


def read(kind: str, path: Path, *, after: str) -> Iterator[ArchivedMessage]:
    """Messages behind a mark ("" is the start). Raises Invalid for what cannot be read, TooLarge."""
    readers = {"mbox": _read_mbox, "maildir": _read_maildir, "eml": _read_eml}
    try:
        yield from readers[kind](path, after)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> Invalid:
    return Invalid(
        "archive_unreadable",
        f"{_text(str(error.filename or path))} cannot be read: {error.strerror}. What was read before it is kept;"
        " run the same command again to go on.",
    )


def _text(name: str) -> str:
    """A file name as text that a database takes: names are bytes, and not always UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _folder_name(name: str) -> str:
    return "".join("_" if unicodedata.category(c)[0] == "C" else c for c in _text(name))


# --- mbox (RFC 4155; the mboxrd quoting of ">From ") ----------------------------------------------


def _read_mbox(path: Path, after: str) -> Iterator[ArchivedMessage]:
    """A message starts at a line `From ` with a date that follows an empty line or the start.

    Many programs write "From " at the start of a paragraph without quoting it, so the date is asked for. The mark is
    a byte offset.
    """
    with path.open("rb") as file:
        file.seek(int(after or 0))
        separator = b""
        lines: list[bytes] = []
        offset, size, is_start, follows_empty = file.tell(), 0, True, True
        for piece in _pieces(file):
            is_line, was_start = is_start, offset == int(after or 0)
            if is_line and follows_empty and _is_separator(piece, was_start=was_start):
                yield from _mbox_message(separator, lines, offset)
                separator, lines, size = piece, [], 0
            else:
                lines.append(piece)
                size += len(piece)
                _check_size(size, path, offset)
            follows_empty = is_line and piece in (b"\n", b"\r\n")
            is_start = piece.endswith(b"\n")
            offset += len(piece)
        yield from _mbox_message(separator, lines, offset)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Lines, the very long ones in pieces."""
    while piece := file.readline(PIECE_BYTES):
        yield piece


def _is_separator(line: bytes, *, was_start: bool) -> bool:
    if not line.startswith(b"From "):
        return False
    return was_start or (_SEPARATOR.match(line) is not None and _YEAR.search(line) is not None)


def _check_size(size_bytes: int, path: Path, offset: int) -> None:
    if size_bytes > MAX_MESSAGE_BYTES:
        raise TooLarge(
            "message_too_large",
            f"{_text(str(path))}: the message before byte {offset} is larger than {MAX_MESSAGE_BYTES} bytes.",
        )


def _mbox_message(separator: bytes, lines: list[bytes], offset: int) -> Iterator[ArchivedMessage]:
    """One, or none where only empty lines lie between."""
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines = lines[:-1]
    raw = b"".join(lines)
    if not separator and not raw.strip():
        return
    if b"\n>" in raw or raw.startswith(b">"):
        raw = _QUOTED_FROM.sub(rb"\1", raw)
    found = _FROM_DATE.match(separator)
    yield ArchivedMessage(
        raw=to_crlf(raw),
        received_at_ms=_received_ms(raw) or (_asctime_ms(found.group(1)) if found else None),
        flags=_status_bits(raw[:HEADER_WINDOW]),
        mailbox="",
        mark=str(offset),
        name=f"before byte {offset}",
        done_bytes=offset,
    )


def _received_ms(raw: bytes) -> int | None:
    """When the last server took it, by the topmost Received header (RFC 5321 §4.4).

    Better than the From line, which many tools make up.
    """
    received = find(raw, b"received", within=HEADER_WINDOW)
    return parse_date(loose(received.rpartition(b";")[2])) if received else None


def _asctime_ms(text: bytes) -> int | None:
    """`Thu Aug 22 12:36:23 2002`, as a From line carries it, in UTC."""
    words = text.decode("ascii", "replace").split()
    if len(words) < 5:
        return None
    _, month, day, clock, *rest = words
    year = rest[-1] if rest[-1].isdigit() else rest[0]
    return parse_date(f"{day} {month} {year} {clock} +0000")


def _status_bits(head: bytes) -> int:
    end = _HEADER_END.search(head)
    bits = 0
    for _, letters in _STATUS.findall(head[: end.start()] if end else head):
        for letter in letters.decode("ascii").upper():
            bits |= _STATUS_BITS.get(letter, 0)
    return bits


# --- Maildir (with Maildir++ folders) --------------------------------------------------------------


class _MaildirFile(NamedTuple):
    """`base` is the name without the flags: it stays when a mail is read or moved from new to cur."""

    mailbox: str
    base: str
    flags: str
    file: Path


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() or (path / "new").is_dir()


def _maildir_files(path: Path) -> list[_MaildirFile]:
    """Folder by folder, in the order of arrival within each."""
    folders = [("", path)]
    folders += [
        (_maildir_folder(entry.name), entry)
        for entry in sorted(path.iterdir())
        if entry.name.startswith(".") and len(entry.name) > 1 and _is_maildir(entry)
    ]
    return [item for name, folder in folders for item in sorted(_mails(name, folder))]


def _maildir_folder(name: str) -> str:
    """`.Work.2024` is Work/2024; names are in modified UTF-7, as in IMAP."""
    return "/".join(_folder_name(utf7.decode(os.fsencode(level))) for level in name[1:].split("."))


def _mails(mailbox: str, folder: Path) -> Iterator[_MaildirFile]:
    for sub in ("cur", "new"):
        if (folder / sub).is_dir():
            for file in (folder / sub).iterdir():
                if not file.name.startswith(".") and file.is_file():
                    base, *info = _MAILDIR_INFO.split(file.name, maxsplit=1)
                    yield _MaildirFile(mailbox, _text(base), "".join(info), file)


def _read_maildir(path: Path, after: str) -> Iterator[ArchivedMessage]:
    """The mark is the last name read of each folder, as JSON, so that new mail in an early folder is found later."""
    marks: dict[str, str] = orjson.loads(after) if after else {}
    done = 0
    for mailbox, base, flags, file in _maildir_files(path):
        stat = file.stat()
        done += stat.st_size
        if base <= marks.get(mailbox, ""):
            continue
        _check_size(stat.st_size, file, stat.st_size)
        marks[mailbox] = base
        bits = 0
        for letter in flags:
            bits |= _MAILDIR_BITS.get(letter, 0)
        yield ArchivedMessage(
            raw=to_crlf(file.read_bytes()),
            received_at_ms=int(stat.st_mtime * 1000),
            flags=bits,
            mailbox=mailbox,
            mark=orjson.dumps(marks).decode(),
            name=f"{mailbox}/{base}",
            done_bytes=done,
        )


# --- .eml files ----------------------------------------------------------------------------------


def _eml_files(path: Path) -> list[tuple[str, Path]]:
    """(path inside as text, file), in the order of that text, by which the reader goes on."""
    if path.is_file():
        return [(_text(path.name), path)]
    found = (file for file in path.rglob("*") if file.suffix.lower() == ".eml")
    return sorted(
        (_text(file.relative_to(path).as_posix()), file)
        for file in found
        if file.is_file() and not file.name.startswith(".")
    )


def _read_eml(path: Path, after: str) -> Iterator[ArchivedMessage]:
    """A file, or a folder's files in order of name; folders inside become mailboxes. The mark is the file's path."""
    done = 0
    for name, file in _eml_files(path):
        size = file.stat().st_size
        done += size
        if after and name <= after:
            continue
        _check_size(size, file, size)
        inside = file.relative_to(path).parent.parts if path.is_dir() else ()
        yield ArchivedMessage(
            raw=(raw := to_crlf(file.read_bytes())),
            received_at_ms=_received_ms(raw),
            flags=flag.SEEN,
            mailbox="/".join(_folder_name(part) for part in inside),
            mark=name,
            name=name,
            done_bytes=done,
        )
