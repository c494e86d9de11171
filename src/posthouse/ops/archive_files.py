"""Reading archives on disk as a stream of messages: mbox, Maildir and folders of .eml files.

Each reader yields messages in a stable order with a mark after each, from which it can go on later. Memory holds
one message. Line ends become CRLF, which is what IMAP and SMTP carry (RFC 5322 §2.3); nothing else is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from posthouse.base.errors import Invalid
from posthouse.mail import flags as flag
from posthouse.wire.mime.dates import parse_date
from posthouse.wire.mime.headers import find, loose

MAX_MESSAGE_BYTES = 1_000_000_000
HEADER_WINDOW = 64 * 1024
_FROM_DATE = re.compile(rb"^From \S* *(.*?)\s*$")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_BARE_LF = re.compile(rb"(?<!\r)\n")
_STATUS = re.compile(rb"^(X-)?Status:[ \t]*([A-Za-z]*)\r?$", re.MULTILINE | re.IGNORECASE)
_STATUS_BITS = {"R": flag.SEEN, "A": flag.ANSWERED, "F": flag.FLAGGED, "T": flag.DRAFT}
_MAILDIR_BITS = {"S": flag.SEEN, "R": flag.ANSWERED, "F": flag.FLAGGED, "D": flag.DRAFT, "P": flag.FORWARDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedMessage:
    """`mark` is where to go on after this one; `done_bytes` how much of the archive is behind it."""

    raw: bytes
    received_at_ms: int | None
    flags: int
    mailbox: str
    mark: str
    done_bytes: int


def to_crlf(raw: bytes) -> bytes:
    return _BARE_LF.sub(b"\r\n", raw) if b"\n" in raw.replace(b"\r\n", b"") else raw


def total_bytes(kind: str, path: Path) -> int:
    """How much there is to read; raises Invalid when there is no such archive."""
    if kind == "mbox" and path.is_file():
        return path.stat().st_size
    if kind == "maildir" and (path / "cur").is_dir():
        return sum(file.stat().st_size for _, file in _maildir_files(path))
    if kind == "eml" and path.exists():
        return sum(file.stat().st_size for file in _eml_files(path))
    raise Invalid("no_such_archive", f"{path} is not a {kind} archive.")


def read(kind: str, path: Path, *, after: str) -> Iterator[ArchivedMessage]:
    """Messages behind a mark ("" is the start)."""
    readers = {"mbox": _read_mbox, "maildir": _read_maildir, "eml": _read_eml}
    return readers[kind](path, after)


# --- mbox (RFC 4155; the mboxrd quoting of ">From ") ----------------------------------------------


def _read_mbox(path: Path, after: str) -> Iterator[ArchivedMessage]:
    """A message starts at a line `From ` that follows an empty line or the start. The mark is a byte offset."""
    with path.open("rb") as file:
        file.seek(int(after or 0))
        separator = b""
        lines: list[bytes] = []
        offset, previous_empty = file.tell(), True
        for line in file:
            if previous_empty and line.startswith(b"From "):
                if separator or lines:
                    yield _mbox_message(separator, lines, offset)
                separator, lines = line, []
            else:
                lines.append(line)
            previous_empty = line in (b"\n", b"\r\n")
            offset += len(line)
        if separator or lines:
            yield _mbox_message(separator, lines, offset)


def _mbox_message(separator: bytes, lines: list[bytes], offset: int) -> ArchivedMessage:
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines = lines[:-1]
    raw = b"".join(lines)
    if b"\n>" in raw or raw.startswith(b">"):
        raw = _QUOTED_FROM.sub(rb"\1", raw)
    found = _FROM_DATE.match(separator)
    return ArchivedMessage(
        raw=to_crlf(raw),
        received_at_ms=_received_ms(raw) or (_asctime_ms(found.group(1)) if found else None),
        flags=_status_bits(raw[:HEADER_WINDOW]),
        mailbox="",
        mark=str(offset),
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
    end = head.find(b"\n\n")
    end = head.find(b"\r\n\r\n") if end < 0 else end
    bits = 0
    for _, letters in _STATUS.findall(head[:end] if end >= 0 else head):
        for letter in letters.decode("ascii").upper():
            bits |= _STATUS_BITS.get(letter, 0)
    return bits


# --- Maildir (with Maildir++ folders) --------------------------------------------------------------


def _maildir_files(path: Path) -> list[tuple[str, Path]]:
    """(mailbox path, file), in the order of arrival within each folder."""
    folders = [("", path)]
    folders += [
        (entry.name[1:].replace(".", "/"), entry)
        for entry in sorted(path.iterdir())
        if entry.is_dir() and entry.name.startswith(".") and len(entry.name) > 1 and (entry / "cur").is_dir()
    ]
    return [
        (name, file)
        for name, folder in folders
        for sub in ("cur", "new")
        if (folder / sub).is_dir()
        for file in sorted((folder / sub).iterdir())
        if file.is_file() and not file.name.startswith(".")
    ]


def _read_maildir(path: Path, after: str) -> Iterator[ArchivedMessage]:
    """The mark is folder and file name; a name never changes but for its flags, which are left out of it."""
    done = 0
    passed = not after
    for mailbox, file in _maildir_files(path):
        base, _, info = file.name.partition(":2,")
        stat = file.stat()
        done += stat.st_size
        mark = f"{mailbox}|{file.parent.name}|{base}"
        if not passed:
            passed = mark == after
            continue
        bits = 0
        for letter in info:
            bits |= _MAILDIR_BITS.get(letter, 0)
        yield ArchivedMessage(
            raw=to_crlf(file.read_bytes()),
            received_at_ms=int(stat.st_mtime * 1000),
            flags=bits,
            mailbox=mailbox,
            mark=mark,
            done_bytes=done,
        )


# --- .eml files ----------------------------------------------------------------------------------


def _eml_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix.lower() == ".eml" and file.is_file())


def _read_eml(path: Path, after: str) -> Iterator[ArchivedMessage]:
    """A file, or a folder's files in order of name; folders inside become mailboxes. The mark is the file's path."""
    done = 0
    for file in _eml_files(path):
        relative = file.relative_to(path) if path.is_dir() else Path(file.name)
        done += file.stat().st_size
        if after and relative.as_posix() <= after:
            continue
        yield ArchivedMessage(
            raw=(raw := to_crlf(file.read_bytes())),
            received_at_ms=_received_ms(raw),
            flags=flag.SEEN,
            mailbox=relative.parent.as_posix() if relative.parent != Path() else "",
            mark=relative.as_posix(),
            done_bytes=done,
        )
