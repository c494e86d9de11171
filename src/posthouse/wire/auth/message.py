"""A message as signatures see it: its header fields as they came, its body in canonical form (RFC 6376 §3.4, §3.7).

Linear in the size, and bounded: a header longer than MAX_HEADER_BYTES or a body that would be hashed more than
MAX_BODY_HASHES ways is not verified.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

MAX_HEADER_BYTES = 256 * 1024
MAX_BODY_HASHES = 4
BLOCK_BYTES = 1024 * 1024
QUICK_BYTES = 256 * 1024
"""Up to this size signing takes a millisecond; more is for a thread."""

SINGLE = frozenset(
    (
        b"from",
        b"sender",
        b"reply-to",
        b"to",
        b"cc",
        b"date",
        b"subject",
        b"message-id",
        b"mime-version",
        b"content-type",
    )
)
"""Fields that stand once (RFC 5322 §3.6): readers may show the one that no signature covers (RFC 6376 §8.15)."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*+")


class TooMuchWork(ValueError):
    """The signature asks for more than we do for a stranger."""


class Message:
    """`fields` are (lower-case name, whole field with its line end) in order; all bytes of it end in CRLF.

    Of a header that is too long (`is_readable` is false) the beginning is there: its authors are known, and none of its
    signatures is verified.
    """

    def __init__(self, content: bytes) -> None:
        end = 0 if content.startswith(b"\r\n") else content.find(b"\r\n\r\n", 0, MAX_HEADER_BYTES) + 2
        self.is_readable = end != 1 or len(content) <= MAX_HEADER_BYTES
        self.body_start = len(content) if end == 1 else end + 2
        header = content[:MAX_HEADER_BYTES] if end == 1 else content[:end]
        if header and not header.endswith(b"\r\n"):
            header += b"\r\n"
        self.fields = [
            (field.partition(b":")[0].rstrip(b" \t\r\n").lower(), field) for field in _FIELD.findall(header)
        ]
        self._content = content
        self._canonical: dict[tuple[int, str], bytes] = {}
        self._hashes: dict[tuple[str, int | None], bytes] = {}
        self._lengths: dict[str, int] = {}

    def named(self, name: bytes) -> list[bytes]:
        """Whole fields of a lower-case name, from the top."""
        return [field for found, field in self.fields if found == name]

    def canonical(self, field: bytes, canon: str) -> bytes:
        """One of `fields` in canonical form; made once however many signatures cover it."""
        key = (id(field), canon)
        found = self._canonical.get(key)
        if found is None:
            found = self._canonical[key] = canonical_field(field, canon)
        return found

    def body_hash(self, canon: str, length: int | None) -> bytes:
        """SHA-256 of the body, or of its first `length` canonical bytes; each is made once. Raises TooMuchWork."""
        key = (canon, length)
        if key not in self._hashes:
            if len(self._hashes) >= MAX_BODY_HASHES:
                raise TooMuchWork("too many ways to hash the body")
            self._hashes[key], self._lengths[canon] = self._hash(canon, length)
        return self._hashes[key]

    def body_length(self, canon: str) -> int:
        """Of the canonical body; `body_hash` was asked before."""
        return self._lengths[canon]

    def _hash(self, canon: str, length: int | None) -> tuple[bytes, int]:
        digest, total = hashlib.sha256(), 0
        for block in canonical_body(self._content, self.body_start, canon):
            digest.update(block if length is None else block[: max(0, length - total)])
            total += len(block)
        return digest.digest(), total


def with_crlf(content: bytes) -> bytes:
    """Every line ended by CRLF, as it will be on the wire."""
    if content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r"):
        return content
    return _LINE_END.sub(b"\r\n", content)


def canonical_body(content: bytes, start: int, canon: str) -> Iterator[bytes]:
    """The body in blocks. Lines are known to end in CRLF and to hold no other CR or LF, as our SMTP takes them."""
    ignored = b" \t\r\n" if canon == "relaxed" else b"\r\n"
    end = _rstripped(content, start, ignored)
    if end <= start:
        if canon == "simple":
            yield b"\r\n"
        return
    while start < end:
        stop = end
        if end - start > BLOCK_BYTES:
            stop = content.find(b"\n", start + BLOCK_BYTES, end) + 1 or end
        block = content[start:stop]
        yield _single_blanks(block) if canon == "relaxed" else block
        start = stop
    yield b"\r\n"


def _single_blanks(block: bytes) -> bytes:
    """Runs of blanks become one, none is left at a line's end. Halving runs is ten times as fast as a pattern."""
    block = block.replace(b"\t", b" ")
    while b"  " in block:
        block = block.replace(b"  ", b" ")
    return block.replace(b" \r\n", b"\r\n")


def _rstripped(content: bytes, start: int, ignored: bytes) -> int:
    """Where the content ends when those bytes are taken off, without a copy of all of it."""
    end = len(content)
    while end > start:
        tail = content[max(start, end - BLOCK_BYTES) : end]
        kept = tail.rstrip(ignored)
        end -= len(tail) - len(kept)
        if kept:
            break
    return end


def canonical_field(field: bytes, canon: str) -> bytes:
    """With its line end (RFC 6376 §3.4.1, §3.4.2)."""
    if canon == "simple":
        return field
    name, _, value = field.partition(b":")
    bare = _single_blanks(value.replace(b"\r\n", b"")).strip(b" ")
    return name.rstrip(b" \t\r\n").lower() + b":" + bare + b"\r\n"


def unsigned_double(message: Message, names: Sequence[bytes]) -> bytes | None:
    """The name of a field that should stand once, stands more often, and not each time under the signature."""
    counted = Counter(name for name, _ in message.fields if name in SINGLE)
    signed = Counter(names)
    return next((name for name, count in counted.items() if count > 1 and signed[name] < count), None)


def signed_header(message: Message, names: Iterable[bytes], own: bytes, *, header_canon: str) -> bytes:
    """What a signature's `h=` names, each name again the next one up (RFC 6376 §5.4.2), then the signature itself.

    `own` is the signature's field; it counts with an empty `b=` and without a line end (§3.7).
    """
    left: dict[bytes, list[bytes]] = {}
    for name, field in message.fields:
        if field is not own:
            left.setdefault(name, []).append(field)
    parts = []
    for name in names:
        fields = left.get(name)
        if fields:
            parts.append(message.canonical(fields.pop(), header_canon))
    parts.append(canonical_field(without_signature(own), header_canon).removesuffix(b"\r\n"))
    return b"".join(parts)


_B_TAG = re.compile(rb"((?:\A|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")


def without_signature(field: bytes) -> bytes:
    """The field with its `b=` empty; its line end stays."""
    name, colon, value = field.partition(b":")
    emptied = _B_TAG.sub(rb"\1", value, count=1)
    return name + colon + (emptied if emptied.endswith(b"\r\n") else emptied + b"\r\n")
